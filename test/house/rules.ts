import { builtinModules } from 'node:module';
import { imports, type Source } from './sources.js';

/** Names that only the product may use. Checked as whole words, in identifiers and prose alike. */
const productWords =
  /(?<![a-z])(los(?!_angeles)|length[ _-]of[ _-]stay|admissions?|discharges?|hospitals?|patients?|predict[ _-]?los|sparcs)(?![a-z])/i;

/** Whether an import leaves the folders that a file may use. */
function outside(target: string, allowed: readonly string[]): boolean {
  return !allowed.some((folder) => target.startsWith(`${folder}/`));
}

function isPackage(target: string): boolean {
  return !target.startsWith('node:') && !target.includes('/') ? true : target.startsWith('@');
}

/** Rule 1a: local/ knows nothing of the product. */
export function localKnowsNoProduct(source: Source): string[] {
  const broken = imports(source)
    .filter(({ target }) =>
      /^(report|deploy|contracts|doctor|first-day|safety|demo|udfs|procedures|bench|test)\//.test(target),
    )
    .map(({ target }) => `${source.path} imports ${target}`);
  source.text.split('\n').forEach((line, i) => {
    const word = productWords.exec(line);
    if (word) broken.push(`${source.path}:${i + 1} says "${word[0]}": ${line.trim()}`);
  });
  return broken;
}

/** The workspace of local/ that a path lies in. */
export const workspaceOf = (path: string): string | undefined => /^local\/([^/]+)\//.exec(path)?.[1];

/** A workspace uses another by name, for it has declared it, and nothing by a path that leaves it. */
export function workspacesAreDeclared(source: Source, declared: ReadonlySet<string>): string[] {
  const own = workspaceOf(source.path);
  const leaving = /['"]((?:\.\.\/)+(?:local\/)?(?:kit|snowflake|aws|cloud)\/[^'"\n]*\.js)['"]/.exec(
    source.text,
  )?.[1];
  const others = imports(source).flatMap(({ target }) => workspaceOf(target) ?? []);
  return [
    ...others
      .filter((name) => name !== own && !declared.has(`@local-cloud/${name}`))
      .map(
        (name) => `${source.path} imports @local-cloud/${name}, which package.json does not declare for it`,
      ),
    ...(leaving && !leaving.startsWith(`../${own}/`)
      ? [`${source.path} imports ${leaving} by path, not by name`]
      : []),
  ];
}

/** Rule 1b: deploy/ meets the local cloud only in deploy/target.ts, as @local-cloud/cloud, lazily; DuckDB never. */
export function deployKnowsNoLocal(source: Source): string[] {
  return imports(source)
    .filter(
      ({ target, kind }) =>
        target.includes('duckdb') ||
        (target.startsWith('local/') &&
          !(source.path === 'deploy/target.ts' && target.startsWith('local/cloud/') && kind !== 'static')),
    )
    .map(({ target, kind }) => `${source.path} imports ${target} (${kind})`);
}

/** Rule 1b': deploy/ meets contracts/, doctor/, first-day/, safety/ and demo/ only in its list of commands, lazily: a scheduled apply needs none of them. */
export function deployKnowsNoDemo(source: Source): string[] {
  return imports(source)
    .filter(
      ({ target, kind }) =>
        /^(contracts|doctor|first-day|safety|demo)\//.test(target) &&
        !(
          source.path === 'deploy/commands/index.ts' &&
          /^((first-day|doctor)\/command\.|(contracts|safety|demo)\/commands\/)/.test(target) &&
          kind === 'dynamic'
        ),
    )
    .map(({ target, kind }) => `${source.path} imports ${target} (${kind})`);
}

/**
 * Rule 1c: what the pipeline does is a procedure's, so that no statement of it stands in deploy/: none of the texts that
 * procedures are made of, and nothing that writes rows; nor in report/. Only who is not the pipeline writes some: the
 * first day's checks in a schema of their own, and the deployer's own history (sql/history/). demo/ is a hospital.
 */
export function deployHoldsNoPipeline(source: Source): string[] {
  const text = /['"`/](features|scoring|beds|calibration|evaluation|training|watching)\/[\w${}-]+\.sql['"`]/g;
  const writes = /['"`]\s*(INSERT\s+INTO|UPDATE\s+\S+\s|DELETE\s+FROM|MERGE\s+INTO)/g;
  const firstDay = /^first-day\//.test(source.path);
  return [...source.text.matchAll(text), ...(firstDay ? [] : source.text.matchAll(writes))].map(
    ([found]) => `${source.path} holds SQL of the pipeline: ${found.trim()}`,
  );
}

/**
 * Rule 2: what runs inside Snowflake imports only its like: no package, nothing of Node. Mails are filled in by the part of
 * Handlebars that fills in; their templates are compiled before.
 */
export function snowflakeCodeImportsNothing(source: Source): string[] {
  const allowed = source.path.startsWith('udfs/') ? ['udfs'] : ['procedures', 'udfs'];
  const mails = source.path === 'procedures/notifying/templates.ts';
  return imports(source)
    .filter(({ target }) => outside(target, mails ? [...allowed, 'templates'] : allowed))
    .filter(({ target }) => !(mails && target === 'handlebars'))
    .map(({ target }) => `${source.path} imports ${target}`);
}

/**
 * Every package that a folder imports is declared where an installation of it is certain.
 * @param lazily those that may be missing, and so are only imported where they are needed
 */
export function packagesAreDeclared(
  source: Source,
  declared: ReadonlySet<string>,
  lazily: ReadonlySet<string> = new Set(),
): string[] {
  return imports(source)
    .filter(({ target, kind }) => kind !== 'type' && isPackage(target) && !declared.has(target))
    .filter(({ target, kind }) => !(kind === 'dynamic' && lazily.has(target)))
    .map(({ target }) =>
      builtinModules.includes(target)
        ? `${source.path} imports ${target} without node: in front`
        : `${source.path} imports ${target}, which package.json does not declare for it`,
    );
}

/** Files that a newcomer can read without scrolling for ever. */
export function isShort(source: Source, lines: number): string[] {
  const count = source.text.split('\n').length - 1;
  return count > lines ? [`${source.path} has ${count} lines`] : [];
}

/** Marks of unfinished work, and names of the machine that it was written on. */
export function isFinished(source: Source): string[] {
  // Spelt with brackets, so that this file does not find itself.
  const marks = /\b([T]ODO|[F]IXME|[H]ACK)\b|(\/\/|\*|#|--) *[X]XX\b|(^|[\s'"`(])[/]work\//;
  return source.text
    .split('\n')
    .flatMap((line, i) => (marks.test(line) ? [`${source.path}:${i + 1}: ${line.trim()}`] : []));
}

/** A test that runs alone, or never, hides the others. */
export function runsAllTests(source: Source): string[] {
  const only = /\b(describe|it)\.(only|skip)\(/;
  return source.text
    .split('\n')
    .flatMap((line, i) => (only.test(line) ? [`${source.path}:${i + 1}: ${line.trim()}`] : []));
}

/** A test that is slow on a busy machine has not failed: only one that hangs meets the limit in .mocharc.json. */
export function hasNoTimeout(source: Source): string[] {
  return source.text
    .split('\n')
    .flatMap((line, i) =>
      /\.timeout\([\d_]+\)/.test(line)
        ? [`${source.path}:${i + 1} has a time-out of its own: ${line.trim()}`]
        : [],
    );
}

/** A person who is told what went wrong is told what to do as well. */
export function errorsSayWhatNext({ path, text }: Source): string[] {
  return [...text.matchAll(/new (?:UserError|Failure)\(/g)].flatMap(({ index }) => {
    const line = text.slice(0, index).split('\n').length;
    return /\bnext\b/.test(argumentsAt(text, index)) ? [] : [`${path}:${line} gives no next step`];
  });
}

/** What stands in the parentheses of a call that begins at `start`. */
function argumentsAt(text: string, start: number): string {
  const open = text.indexOf('(', start);
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return text.slice(open + 1, at);
  }
  return text.slice(open + 1);
}
