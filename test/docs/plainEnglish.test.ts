import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { nationalDescriptions } from '../../shared/child/codes/descriptions.js';
import { projectRoot } from '../local/migrations.js';

/** Words that are never right here, each with what to write instead. */
const neverRight: readonly (readonly [RegExp, string])[] = [
  [/\bwho(?:m|ever|mever)\b/i, 'who, or anyone who'],
  [/\bmend(?:s|ed|ing)?\b/i, 'correct, or fix'],
  [/\bguilty\b/i, 'rejected'],
  [/\blet(?:s|ting)? (?:(?:a|the|this) run )?go\b/i, 'approve'],
  [/\bstand(?:s|ing)? (?:in|beside|against)\b/i, 'is in, is next to'],
  [/\b(?:but|save) for\b/i, 'except'],
  [/\bat a stroke\b/i, 'at once'],
  [/\bat whose word\b/i, 'who asked'],
  [/\bshall\b/i, 'will, or must'],
  [/\bit is not known whether\b/i, 'we cannot tell whether'],
];

/** Words that a page can do without. In the code they are not worth a failed build. */
const notInPages: readonly (readonly [RegExp, string])[] = [
  // In the code it is what the rows of ssd_person are.
  [/\bpersons\b/i, 'people'],
  [/\bnobody\b/i, 'no one'],
  [/\bsomebody\b/i, 'someone'],
  [/\bmeanwhile\b/i, 'in the meantime'],
  [/\ba(?:fresh|new)\b/i, 'again, or from the beginning'],
  [/\bbesides?\b/i, 'also, or next to'],
  [/\bamiss\b/i, 'wrong'],
  [/\bguards? (?:holds?|objects?)\b/i, 'a safety check pauses'],
];

/** The folders whose comments and texts people read. */
const sourceFolders = ['functions', 'infra', 'shared'];

/** A piece of a file that a person reads, and the line on which it begins. */
interface Prose {
  readonly text: string;
  readonly line: number;
}

/** The text with what is code in it (backticks, addresses of links, names of files) blanked, its lines kept. */
function withoutCode(text: string): string {
  return text.replace(
    /^```.*?^ *```|^ +```.*?^ +```|`[^`]*`|\]\([^)]*\)|[\w./-]+\.(?:ts|tsx|md|sql|kql)\b/gms,
    (code) => code.replace(/[^\n]/g, ' '),
  );
}

/** The comments of a source file, and its literals of more than one word. */
function proseOfSource(file: string, text: string): Prose[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const pieces = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
      pieces.set(range.pos, text.slice(range.pos, range.end));
    for (const range of ts.getTrailingCommentRanges(text, node.getEnd()) ?? [])
      pieces.set(range.pos, text.slice(range.pos, range.end));
    const isLiteral = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node);
    if (isLiteral && /\S\s+\S/.test(node.text)) pieces.set(node.getStart(), node.text);
    node.getChildren().forEach(visit);
  };
  visit(source);
  return [...pieces].map(([position, piece]) => ({
    text: piece,
    line: source.getLineAndCharacterOfPosition(position).line + 1,
  }));
}

/** `docs/cost.md:12: "but for", write: except` of each word of the list in a text. */
function found(file: string, { text, line }: Prose, words: typeof neverRight): string[] {
  const prose = withoutCode(text);
  return words.flatMap(([word, instead]) =>
    [...prose.matchAll(new RegExp(word, 'gi'))].map((match) => {
      const linesBefore = prose.slice(0, match.index).split('\n').length - 1;
      return `${file}:${String(line + linesBefore)}: "${match[0]}", write: ${instead}`;
    }),
  );
}

function read(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

/** A page without the published wording of the national codes, which is not ours. */
function readPage(page: string): string {
  const text = read(page);
  return page.startsWith(join('docs', 'reference'))
    ? nationalDescriptions.reduce((rest, { text: wording }) => rest.replace(wording, ''), text)
    : text;
}

describe('what people read is plain English', () => {
  it('in every page of the docs', () => {
    const pages = globSync(['docs/**/*.md', 'README.md', 'infra/README.md', 'SECURITY.md'], {
      cwd: projectRoot,
    });
    assert.ok(pages.length > 40);
    const words = [...neverRight, ...notInPages];
    assert.deepEqual(
      pages.flatMap((page) => found(page, { text: readPage(page), line: 1 }, words)),
      [],
    );
  });

  it('in the comments and texts of the code', () => {
    const files = globSync(
      sourceFolders.map((folder) => `${folder}/**/*.{ts,tsx}`),
      { cwd: projectRoot },
    );
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.flatMap((file) =>
        proseOfSource(file, read(file)).flatMap((prose) => found(file, prose, neverRight)),
      ),
      [],
    );
  });

  it('is checked in comments, texts and templates, and not in names of values', () => {
    const source = [
      "const status = 'mended'; // Whoever asks",
      'const said = `but for ${status} children came`;',
      '/** `mended` is a value of the API. */',
    ].join('\n');
    const hits = proseOfSource('x.ts', source).flatMap((prose) => found('x.ts', prose, neverRight));
    assert.deepEqual(hits.sort(), [
      'x.ts:1: "Whoever", write: who, or anyone who',
      'x.ts:2: "but for", write: except',
    ]);
  });
});
