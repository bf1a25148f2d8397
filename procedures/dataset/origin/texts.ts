import { type Place, qualify } from '../../ground/names.js';
import type { SqlFile } from '../../ground/plan.js';
import type { Contract } from '../contract.js';
import { datasetNames } from '../names.js';
import { originRows, rawName, rawRows } from '../raw.js';
import { eventRows } from './events.js';
import { dischargeDateRows, readyRows } from './expected.js';
import { withoutForgotten } from './forgotten.js';
import { endOfStay, moveRows } from './moves.js';
import { bookingRows } from './planned.js';

/**
 * Texts that the {{placeholders}} of views over the hospital's rows stand for.
 * @param zone the hospital's, by whose clock moments are read
 */
export function rowTexts(
  contract: Contract,
  place: Place,
  zone: string,
  sqlFile: SqlFile,
): Readonly<Record<string, string>> {
  const { id, origin, discharge } = contract;
  const kept = withoutForgotten(contract, place);
  return {
    raw_id: rawName(contract, id),
    raw_rows: rawRows(contract, qualify(place, contract.table)),
    origin_rows: origin ? originRows(contract, origin) : '',
    rows_not_forgotten: kept.rows,
    event_rows: eventRows(contract, place, zone),
    stays_not_forgotten: kept.stays,
    planned_rows: bookingRows(contract, 'planned', place, zone),
    decision_rows: bookingRows(contract, 'decisions', place, zone),
    discharge_date_rows: dischargeDateRows(contract, place, zone),
    ready_rows: readyRows(contract, place, zone),
    left_at: discharge === undefined ? '' : endOfStay(contract, discharge),
    move_rows: moveRows(contract, place, zone),
    ward_periods: sqlFile('sql/moves/periods.sql', {
      moves: `SELECT * FROM ${qualify(place, datasetNames(contract).moveRows)}`,
    }),
  };
}
