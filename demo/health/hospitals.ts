import { itemAt, requireValue } from '../../udfs/require-value.js';
import { calibration } from './calibration.js';
import { distribution } from './distribution.js';

/** A hospital: its code determines everything else about it. */
export interface Hospital {
  readonly code: number;
  readonly type: string;
  readonly city: number;
  readonly region: string;
  readonly facility: string;
  /** Share of all admissions. */
  readonly share: number;
}

/** Codes whose cell (type, city, region, facility) is published. */
const published: Readonly<Record<number, string>> = {
  8: 'c,3,Z,F',
  10: 'e,1,X,E',
  19: 'a,7,Y,C',
  23: 'a,6,X,F',
  26: 'b,2,Y,D',
  27: 'a,7,Y,C',
  28: 'b,11,X,F',
  32: 'f,9,Y,B',
};
const hospitalCount = 32;

/** The cells' counts come from a part of the rows; raking makes their sums meet the shares of all rows. */
function cellShares(): number[] {
  const { cells } = calibration.hospitalCells;
  const shares = cells.map(([, , , , count]) => count);
  const margins = [
    { of: (i: number) => itemAt(cells, i)[1], target: calibration.hospitalType.shares },
    { of: (i: number) => itemAt(cells, i)[3], target: calibration.facility.shares },
    { of: (i: number) => itemAt(cells, i)[2], target: calibration.region.shares },
  ];
  for (let round = 0; round < 50; round++)
    for (const { of, target } of margins) {
      const sums: Record<string, number> = {};
      shares.forEach((share, i) => {
        sums[of(i)] = (sums[of(i)] ?? 0) + share;
      });
      shares.forEach((share, i) => {
        shares[i] =
          (share * requireValue(target[of(i)], `target[${of(i)}]`)) /
          requireValue(sums[of(i)], `sums[${of(i)}]`);
      });
    }
  return shares;
}

function buildHospitals(): Hospital[] {
  const { cells } = calibration.hospitalCells;
  const shares = cellShares();
  const keys = cells.map(([city, type, region, facility]) => `${type},${city},${region},${facility}`);
  const members: number[][] = cells.map(() => []);
  for (const [code, key] of Object.entries(published)) itemAt(members, keys.indexOf(key)).push(Number(code));
  // The other codes: one to each cell that has none, then always to the cell with most admissions a hospital.
  for (let code = 1; code <= hospitalCount; code++) {
    if (published[code]) continue;
    const empty = members.findIndex((codes) => codes.length === 0);
    const load = members.map((codes, i) => itemAt(shares, i) / codes.length);
    itemAt(members, empty >= 0 ? empty : load.indexOf(Math.max(...load))).push(code);
  }
  return cells
    .flatMap(([city, type, region, facility], i) => {
      // Hospitals of one cell differ in size, the published codes (large ones) first.
      const sizes = itemAt(members, i).map((_, place) => 0.7 ** place);
      const total = sizes.reduce((a, b) => a + b, 0);
      return itemAt(members, i).map((code, place) => ({
        code,
        type,
        city,
        region,
        facility,
        share: (itemAt(shares, i) * itemAt(sizes, place)) / total,
      }));
    })
    .sort((a, b) => a.code - b.code);
}

/** The 32 hospitals, by code. */
export const hospitals: readonly Hospital[] = buildHospitals();

/** Hospitals by their share of admissions. */
export const hospitalDistribution = distribution(
  hospitals,
  hospitals.map(({ share }) => share),
);
