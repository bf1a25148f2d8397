import { type Place, schemaPath } from '../ground/names.js';
import { query, Refused, type Work } from '../ground/work.js';

/** End of the names of temporary tables that procedures make for themselves; each replaces what has its name. */
const WORKING = /_TMP$/;

/**
 * Refuses to go on where a temporary table of the caller's session has a name of ours: statements of the whole session find it
 * before the permanent one, those of a procedure with its owner's rights among them. An account refuses to make one with the name
 * of a table that others own (docs: release-notes/bcr-bundles/2023_03/bcr-427); it cannot for names that no table has yet, as that
 * of a training set before the first training, and a page says nothing of views.
 * @param dataset its name and the hospital's table
 * @throws Refused where there is such a table
 * @example
 * yield* refuseHiddenTables(settings, contract);
 */
export function* refuseHiddenTables(
  place: Place,
  dataset: { readonly name: string; readonly table: string },
): Work<void> {
  const prefixes = [`LOS_`, `${dataset.name.toUpperCase()}_`];
  const [hidden] = (yield* query<{ name: string; kind: string }>(
    `SHOW TABLES IN SCHEMA ${schemaPath(place)}`,
  )).filter(
    ({ name, kind }) =>
      kind === 'TEMPORARY' &&
      !WORKING.test(name) &&
      (name === dataset.table || prefixes.some((start) => name.slice(0, start.length) === start)),
  );
  if (hidden !== undefined)
    throw new Refused(
      `This session has a temporary table ${hidden.name}, which would be read in place of ours.`,
      `DROP TABLE ${schemaPath(place)}.${hidden.name}; removes the temporary one. Give yours a name that does not begin with ${prefixes.join(' or ')}.`,
    );
}
