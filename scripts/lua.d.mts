export function luaFiles(): string[];
export function headerOf(path: string): string;
export function luaOf(path: string): string;
export function moduleOf(path: string): string;
