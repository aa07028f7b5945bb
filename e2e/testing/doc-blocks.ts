import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { repositoryPath } from './repository.js';

/** A fenced block of a page of the docs. */
export interface DocBlock {
  /** Path of the page, from the repository. */
  readonly page: string;
  /** Line of the page on which the block begins, from 1. */
  readonly line: number;
  /** What follows the fence: `ts`, `sh`, or nothing. */
  readonly language: string;
  readonly text: string;
  /** The HTML comments right before the block, by the word they begin with: `<!-- given: ... -->`, `<!-- not run: ... -->`. */
  readonly remarks: ReadonlyMap<string, string>;
}

/** Every page that a user reads. */
export function documents(): string[] {
  const inFolders = ['packages', 'apps'].flatMap((room) =>
    readdirSync(repositoryPath(room)).map((name) => `${room}/${name}/README.md`),
  );
  const pages = ['docs', 'docs/connect'].flatMap((folder) =>
    readdirSync(repositoryPath(folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );
  return ['README.md', 'CONTRIBUTING.md', ...pages, ...inFolders].filter((path) =>
    existsSync(repositoryPath(path)),
  );
}

const BLOCK = /((?:^<!-- [a-z ]+:(?:(?!-->)[\s\S])*-->\s*)*)^```(\w*)\n([\s\S]*?)^```$/gm;
const REMARK = /<!-- ([a-z ]+):([\s\S]*?)-->/g;

/** The fenced blocks of a page, in its order. */
export function blocksOf(page: string): DocBlock[] {
  const document = readFileSync(repositoryPath(page), 'utf8');
  return [...document.matchAll(BLOCK)].map(({ 1: remarks = '', 2: language = '', 3: text = '', index }) => ({
    page,
    line: document.slice(0, index + remarks.length).split('\n').length,
    language,
    text,
    remarks: new Map([...remarks.matchAll(REMARK)].map(([, name = '', said = '']) => [name, said.trim()])),
  }));
}
