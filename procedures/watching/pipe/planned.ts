import { datasetNames } from '../../dataset/names.js';
import { qualify } from '../../ground/names.js';
import { isGone } from '../../ground/stale.js';
import { errorLine } from '../../ground/without-values.js';
import { query } from '../../ground/work.js';
import type { Check } from './checks.js';

/** Whether the list of planned admissions can be read: beds go on without it, by the past. */
export const plannedCheck: Check = {
  name: 'the list of planned admissions',
  kinds: ['source'],
  *look({ contract, place }) {
    if (contract.planned === undefined) return [];
    try {
      yield* query(`SELECT 1 AS X FROM ${qualify(place, datasetNames(contract).planned)} LIMIT 1`);
      return [];
    } catch (error) {
      const why = errorLine(error);
      if (!isGone(why)) throw error;
      return [
        {
          kind: 'source',
          subject: 'list of planned admissions',
          severity: 'warning',
          message: `The list of planned admissions cannot be read: ${why} Beds are forecast without it.`,
          next: 'los doctor says which grant is missing, and who gives it; what is gone, its owner brings back.',
          lookAt: 'source',
        },
      ];
    }
  },
};
