import { join } from 'node:path';
import { FOLDERS } from '../../deploy/headers/header.js';
import { projectRoot } from '../../deploy/project.js';
import { placesIn, readSql } from '../../deploy/sql-file.js';
import { filesOf, isMadeOf, lastChange, writeMade } from './sources.js';

/** Files with placeholders of their own (deploy/objects/scope.ts). */
const DECLARED = new RegExp(`^(${Object.keys(FOLDERS).join('|')})/`);

/**
 * Writes down for the type checker which placeholders each text of sql/ has, so that it refuses a value that a text does not take, and
 * a text of which a value is missing, with the name that was probably meant.
 */
export function makePlaces(): void {
  const target = join(projectRoot, 'dist', 'sql-places.d.ts');
  const files = filesOf(['sql'])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.sql') && !DECLARED.test(file));
  const newest = lastChange([...files, 'sql', ...new Set(files.map((file) => file.replace(/\/[^/]*$/, '')))]);
  if (isMadeOf(target, newest)) return;
  const text = describePlaces(files.sort(), readSql);
  // What has not changed keeps its time, so that nothing is checked again for it.
  writeMade(target, text, newest);
}

/** The declaration of these files' placeholders. @param read the text of a file */
export function describePlaces(files: readonly string[], read: (file: string) => string): string {
  const lines = files.map((file) => {
    const places = placesIn(read(file)).map((place) => `'${place}'`);
    return `  '${file}': ${places.join(' | ') || 'never'};`;
  });
  return `/** Placeholders of each text of sql/, as the build found them (scripts/build/sql-places.ts). */\ninterface SqlPlaces {\n${lines.join('\n')}\n}\n`;
}
