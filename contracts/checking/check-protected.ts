import type { Context } from '../../deploy/context.js';
import { sqlFile } from '../../deploy/sql-file.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureSelect } from '../../procedures/dataset/feature-sql.js';
import { featureValues } from '../../procedures/dataset/feature-values.js';
import { percent } from '../../procedures/ground/percent.js';
import { isProtected } from '../drafting/features.js';
import type { Finding } from '../finding.js';
import type { ColumnProfile } from '../profiling/profile.js';

/** From such a share on an input tells enough of a protected column to be named. */
const LEAST_SHARE = 0.05;
/** A column of more levels names places or people, not groups. */
const MOST_LEVELS = 50;
/** Inputs that a sentence names. */
const NAMED = 5;

/**
 * Protected columns whose groups nothing measures, and inputs that stand for one that is kept out of the model.
 * @param rows SQL of the raw rows
 * @param columns the contract's, as the table has them
 */
export async function checkProtected(
  { snowflake }: Pick<Context, 'snowflake'>,
  contract: Contract,
  rows: string,
  columns: ReadonlyMap<string, ColumnProfile>,
): Promise<Finding[]> {
  const names = [...columns].flatMap(([name, column]) =>
    isProtected(column) && column.distinct > 1 && column.distinct <= MOST_LEVELS ? [name] : [],
  );
  const ungrouped = names.filter((name) => !contract.groups.some((group) => group.includes(name)));
  const findings: Finding[] =
    ungrouped.length > 0
      ? [
          {
            warning: `Protected, and in none of the contract's groups, so that nothing compares predictions by it: ${ungrouped.join(', ')}.`,
          },
        ]
      : [];
  for (const name of names) {
    if (contract.features[name]) continue;
    const found = await snowflake.query<{ FEATURE: string; SHARE: number | null }>(
      sqlFile('sql/checking/stand-ins.sql', {
        protected: name,
        id: contract.id,
        rows,
        features: featureSelect(contract, rows),
        values: featureValues(contract, Object.keys(contract.features), 'given', ['LOS_PROTECTED']),
      }),
    );
    const telling = found.filter(({ SHARE }) => Number(SHARE) >= LEAST_SHARE);
    if (telling.length === 0) continue;
    const inputs = telling.slice(0, NAMED).map(({ FEATURE, SHARE }) => `${FEATURE} (${percent(SHARE, 0)})`);
    findings.push({
      warning: `${name} is protected and no input, but inputs stand for it: ${inputs.join(', ')}. So many fewer guesses of ${name} are wrong where the input is known. los train --without says what an input is worth.`,
    });
  }
  return findings;
}
