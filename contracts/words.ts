import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../deploy/project.js';

/** A file of sql/words/, read when it is first asked for: most commands have no use for it. */
export function wordsOf<Words>(file: 'columns' | 'values'): () => Words {
  let words: Words | undefined;
  return () => (words ??= parse(readFileSync(join(projectRoot, `sql/words/${file}.yaml`), 'utf8')) as Words);
}
