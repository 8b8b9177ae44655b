import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mappingsIn, pipelineFiles, scriptOf, templateFiles } from '../infra/pipelineFile.js';
import { projectRoot } from '../local/migrations.js';

/** Shell that the project keeps somewhere. */
interface ShellScript {
  /** Where it is, for a person who is to change it. */
  readonly name: string;
  /** A file, a step of a pipeline, or the commands of a page. */
  readonly kind: 'file' | 'step' | 'page';
  readonly text: string;
}

/** The files that are shell, the steps of pipelines that are, and the commands of each page, as one script a page. */
export function shellScripts(): readonly ShellScript[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: projectRoot, encoding: 'utf8' }).split('\0');
  return [
    ...files
      .filter((file) => file === '.ci/run' || file.endsWith('.sh'))
      .map((file) => ({
        name: file,
        kind: 'file' as const,
        text: textOf(file),
      })),
    ...[...pipelineFiles, ...templateFiles].flatMap(({ path, root }) =>
      mappingsIn(root)
        .map(scriptOf)
        .filter((script) => script !== '')
        .map((script) => ({
          name: path,
          kind: 'step' as const,
          text: `#!/bin/bash\n${withoutMacros(script)}`,
        })),
    ),
    ...files
      .filter((file) => file.endsWith('.md'))
      .map((file) => ({ name: file, kind: 'page' as const, text: commandsOf(textOf(file)) }))
      .filter(({ text }) => text.trim() !== ''),
  ];
}

function textOf(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

/**
 * The commands of a page, each on the line where it is: those of blocks that name no other language. What a reader puts in
 * place of `<app>` is a word.
 */
function commandsOf(page: string): string {
  let language: string | undefined;
  const lines = page.split('\n').map((line) => {
    const fence = /^\s*```(\w*)\s*$/.exec(line);
    if (fence === null) return language === '' ? line : '';
    language = language === undefined ? fence[1] : undefined;
    return '';
  });
  return lines
    .join('\n')
    .replace(/<([A-Za-z][^<>|&;$\n]*)>/g, (_, words: string) => words.replace(/\W/g, '_'));
}

/** What Azure Pipelines puts in before a shell sees the script. */
function withoutMacros(script: string): string {
  return script.replace(/\$\{\{.*?\}\}|\$\([\w.]+\)/g, 'macro');
}
