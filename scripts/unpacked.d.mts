export interface PackedManifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, { readonly require?: unknown }>>;
}
export function unpackPackages(folder: string): PackedManifest[];
