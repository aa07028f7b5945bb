/** A path of the table of endpoints as the router writes it: `/logs/ip/{ip}` is `/logs/ip/:ip`. */
export function routePath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
