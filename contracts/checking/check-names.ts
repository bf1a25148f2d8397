import { isDate, namesIn } from '../../procedures/dataset/column-rules.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Finding } from '../finding.js';
import { isCalled, topicAfterAdmission } from '../naming/column-names.js';
import type { ColumnProfile } from '../profiling/profile.js';

/** Share of values: where so many are met once only, they are of single admissions. */
const OWN_VALUES = 0.9;
/** Up to so many values identify no one, whatever a column is called. */
const FEW_VALUES = 25;
/** A number of something with so large a share of different values is hardly that of a ward or a hospital. */
const MANY_VALUES = 0.1;

/**
 * Finds what is odd about the columns that features and groups use, by their names and by how many values they have:
 * identifiers, and what sounds like being known only after admission.
 * @param known columns of the table by the contract's names
 * @returns `after`: the columns that sound like being known only after admission
 */
export function checkNames(
  contract: Contract,
  known: ReadonlyMap<string, ColumnProfile>,
): { findings: Finding[]; after: string[] } {
  const words = Object.entries(contract.features).flatMap(([name, { sql }]) => [...namesIn(sql ?? name)]);
  const used = [...new Set([...words, ...contract.groups.flat()])].flatMap((name) => {
    const column = known.get(name);
    return column ? [{ name, column, share: column.distinct / Math.max(1, column.values) }] : [];
  });
  // A day tells ages and seasons, by an expression.
  const many = used.filter(({ column }) => column.distinct > FEW_VALUES && !isDate(column.type));
  const identifiers = many.filter(
    ({ name, column, share }) =>
      (isCalled('person', name) && share > MANY_VALUES) || (column.type === 'VARCHAR' && share > OWN_VALUES),
  );
  const perhaps = many.filter(
    (each) =>
      !identifiers.includes(each) &&
      (isCalled('person', each.name) ||
        (isCalled('something', each.name) && each.share > MANY_VALUES) ||
        (each.column.type === 'NUMBER' && each.share > OWN_VALUES)),
  );
  const features = new Set(words);
  const after = used.filter(
    ({ name }) =>
      features.has(name) &&
      !contract.afterAdmission.includes(name) &&
      topicAfterAdmission(name) !== undefined,
  );
  const list = (columns: readonly { name: string }[]) => columns.map(({ name }) => name).join(', ');
  const findings: Finding[] = [];
  if (identifiers.length > 0)
    findings.push({
      problem: `${list(identifiers)}: nearly every patient has a value of their own, and an identifier can be neither feature nor group. Name what identifies the patient with patient:, and take the others out of features and groups.`,
    });
  if (perhaps.length > 0)
    findings.push({
      warning: `${list(perhaps)}: called or filled like a number of one patient or admission. If so, take it out of features and groups.`,
    });
  return { findings, after: after.map(({ name }) => name) };
}

/** The line about columns that sound so. */
export function soundsAfter(names: readonly string[]): string {
  return `${names.join(', ')}: sounds like written down after admission. If so, name it in afterAdmission and take it out of features.`;
}
