import type { Contract } from '../../dataset/contract.js';
import { variantAs } from '../../dataset/inputs-sql.js';
import { rawName, rawType, rawValue } from '../../dataset/raw.js';

/** SQL of a raw column's value by the contract, where the table has text in place of its type: NULL for one that is none of it. */
export function triedValue(contract: Contract, column: string): string {
  const type = rawType(contract, column) ?? 'VARCHAR';
  const text = `TO_VARCHAR(${rawName(contract, column)})`;
  const [, zoned] = /^TIMESTAMP_(LTZ|TZ)/.exec(type) ?? [];
  if (/^VARCHAR/.test(type)) return rawValue(contract, column);
  return rawValue(contract, column, zoned ? `TRY_TO_TIMESTAMP_${zoned}(${text})` : variantAs(type, text));
}
