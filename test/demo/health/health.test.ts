import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { calibration } from '../../../demo/health/calibration.js';
import {
  type Admission,
  columns,
  generateHealth,
  trueMean,
  writeHealth,
} from '../../../demo/health/index.js';

const standard = { seed: 42, trainingRows: 76_000, simulationRows: 24_000 } as const;
const epochDay = (date: string) => Date.parse(date) / 86_400_000;
const stay = (row: Admission) => epochDay(row.DISCHARGE_DATE) - epochDay(row.ADMISSION_DATE);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = mean(a.map((x, i) => (x - meanA) * (b[i]! - meanB)));
  return product / Math.sqrt(mean(a.map((x) => (x - meanA) ** 2)) * mean(b.map((x) => (x - meanB) ** 2)));
}

function groups(rows: readonly Admission[], column: keyof Admission): Map<string, Admission[]> {
  const found = new Map<string, Admission[]>();
  for (const row of rows) {
    const key = String(row[column]);
    const group = found.get(key);
    if (group) group.push(row);
    else found.set(key, [row]);
  }
  return found;
}

describe('The generated health data set', () => {
  const rows = [...generateHealth(standard)];
  const stays = rows.map(stay);

  it('has exactly the rows asked for, ordered by admission, with case ids counting on', () => {
    expect(rows).to.have.length(100_000);
    expect(rows.filter((row) => row.ADMISSION_DATE < '2022-12-01')).to.have.length(76_000);
    expect(rows[0]!.ADMISSION_DATE).to.equal('2022-08-01');
    expect(rows.at(-1)!.ADMISSION_DATE).to.equal('2022-12-31');
    rows.forEach((row, i) => {
      if (row.CASE_ID !== i + 1) expect.fail(`row ${i} has case id ${row.CASE_ID}`);
      if (i > 0 && row.ADMISSION_DATE < rows[i - 1]!.ADMISSION_DATE) expect.fail(`row ${i} out of order`);
    });
  });

  it('gives the same rows for the same seed and others for another', () => {
    const small = { seed: 7, trainingRows: 500, simulationRows: 100 };
    const first = [...generateHealth(small)];
    expect([...generateHealth(small)]).to.deep.equal(first);
    expect([...generateHealth({ ...small, seed: 8 })]).to.not.deep.equal(first);
  });

  for (const key of [
    'department',
    'typeOfAdmission',
    'severity',
    'age',
    'ward',
    'bedGrade',
    'hospitalType',
    'region',
    'facility',
  ] as const) {
    const factor = calibration[key];
    it(`has the published shares and mean stays of ${factor.column}`, () => {
      const found = groups(rows, factor.column as keyof Admission);
      for (const [value, share] of Object.entries(factor.shares)) {
        const group = found.get(value) ?? [];
        expect(group.length / rows.length, `share of ${value}`).to.be.closeTo(share, 0.012);
        const published = factor.meanStay[value];
        if (published === undefined || group.length < 300) continue;
        const expected = (published * calibration.stay.mean) / calibration.stay.publishedMean;
        // Four standard errors of a mean of stays (standard deviation 20), and the fit's own remainder.
        const tolerance = 80 / Math.sqrt(group.length) + 0.7;
        expect(mean(group.map(stay)), `mean stay of ${value}`).to.be.closeTo(expected, tolerance);
      }
    });
  }

  it('has the published shares of visitors and rooms', () => {
    for (const factor of [calibration.visitors, calibration.rooms]) {
      const found = groups(rows, factor.column as keyof Admission);
      for (const [value, share] of Object.entries(factor.shares))
        expect((found.get(value)?.length ?? 0) / rows.length, `${factor.column} ${value}`).to.be.closeTo(
          share,
          0.02,
        );
    }
  });

  it('has stays of the published mean and spread, in whole days without heaps', () => {
    const average = mean(stays);
    expect(average).to.be.closeTo(calibration.stay.mean, 0.7);
    expect(Math.sqrt(mean(stays.map((days) => (days - average) ** 2)))).to.be.within(18.5, 21.5);
    expect(stays.every((days) => Number.isInteger(days) && days >= 1 && days <= 119)).to.equal(true);
    expect(stays.filter((days) => days % 10 === 0).length / stays.length).to.be.within(0.08, 0.12);
  });

  it('has the published correlations', () => {
    const correlations = calibration.correlations.of;
    const column = (name: keyof Admission) => {
      const values = rows.map((row) => row[name]);
      if (values.every((value) => typeof value === 'number' || value === null))
        return values.map((value) => (value === null ? 2 : Number(value)));
      const codes = [...new Set(values.map(String))].sort();
      return values.map((value) => codes.indexOf(String(value)));
    };
    const visitors = column('VISITORS_WITH_PATIENT');
    const rooms = column('AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL');
    const ward = column('WARD_TYPE');
    const deposit = column('ADMISSION_DEPOSIT');
    const pairs: [string, readonly number[], readonly number[]][] = [
      ['visitorsStay', visitors, stays],
      ['wardStay', ward, stays],
      ['roomsStay', rooms, stays],
      ['ageStay', column('AGE'), stays],
      ['depositStay', deposit, stays],
      ['severityStay', column('SEVERITY_OF_ILLNESS'), stays],
      ['typeStay', column('TYPE_OF_ADMISSION'), stays],
      ['bedGradeStay', column('BED_GRADE'), stays],
      ['visitorsDeposit', visitors, deposit],
      ['roomsDeposit', rooms, deposit],
      ['roomsWard', rooms, ward],
      ['visitorsWard', visitors, ward],
      ['visitorsRooms', visitors, rooms],
      ['visitorsType', visitors, column('TYPE_OF_ADMISSION')],
      ['visitorsAge', visitors, column('AGE')],
      ['visitorsBedGrade', visitors, column('BED_GRADE')],
      ['wardHospitalType', ward, column('HOSPITAL_TYPE_CODE')],
    ];
    expect(pairs.map(([name]) => name)).to.have.members(Object.keys(correlations));
    for (const [name, a, b] of pairs)
      expect(correlation(a, b), name).to.be.closeTo(correlations[name]!, 0.04);
  });

  it('lets the hospital code determine the type, city, region and facility, over 32 hospitals in 3 regions', () => {
    const found = groups(rows, 'HOSPITAL_CODE');
    expect(found.size).to.equal(32);
    for (const [code, group] of found)
      expect(
        new Set(
          group.map((row) =>
            [
              row.HOSPITAL_TYPE_CODE,
              row.CITY_CODE_HOSPITAL,
              row.HOSPITAL_REGION_CODE,
              row.WARD_FACILITY_CODE,
            ].join(),
          ),
        ).size,
        `hospital ${code}`,
      ).to.equal(1);
    expect(new Set(rows.map((row) => row.HOSPITAL_REGION_CODE)).size).to.equal(3);
    const known = found.get('26')![0]!;
    expect([known.HOSPITAL_TYPE_CODE, known.CITY_CODE_HOSPITAL]).to.deep.equal(['b', 2]);
  });

  it('keeps city, age and severity of a patient over repeated admissions, of which most patients have several', () => {
    const found = groups(rows, 'PATIENTID');
    let repeated = 0;
    for (const [id, group] of found) {
      if (group.length > 1) repeated++;
      const constants = new Set(
        group.map((row) => [row.CITY_CODE_PATIENT, row.AGE, row.SEVERITY_OF_ILLNESS].join()),
      );
      if (constants.size !== 1) expect.fail(`patient ${id} changes between admissions`);
    }
    expect(found.size / rows.length).to.be.closeTo(92_000 / 301_000, 0.015);
    expect(repeated / found.size).to.be.within(0.65, 0.85);
  });

  it('misses values only where the original does', () => {
    for (const column of columns) {
      const missing = rows.filter((row) => row[column] === null).length / rows.length;
      const expected = calibration.nulls[column as keyof typeof calibration.nulls] ?? 0;
      if (expected === 0) expect(missing, column).to.equal(0);
      else expect(missing, column).to.be.closeTo(expected, expected * 0.5 + 0.0001);
    }
  });

  it('has a true mean that is unbiased and explains about what the published models could', () => {
    const means = rows.map((row) => trueMean(row));
    const residual = mean(stays.map((days, i) => (days - means[i]!) ** 2));
    const average = mean(stays);
    const total = mean(stays.map((days) => (days - average) ** 2));
    expect(mean(means)).to.be.closeTo(average, 0.25);
    expect(1 - residual / total).to.be.within(0.4, 0.5);
    // Unbiased at every height, not only over all: tenths of the rows by true mean.
    const order = means.map((_, i) => i).sort((a, b) => means[a]! - means[b]!);
    for (let tenth = 0; tenth < 10; tenth++) {
      const part = order.slice(tenth * 10_000, (tenth + 1) * 10_000);
      expect(mean(part.map((i) => stays[i]!)), `tenth ${tenth}`).to.be.closeTo(
        mean(part.map((i) => means[i]!)),
        0.8,
      );
    }
  });

  it('loses the long stays of late admissions only when told to', () => {
    const november = (row: Admission) => row.ADMISSION_DATE.startsWith('2022-11');
    const august = (row: Admission) => row.ADMISSION_DATE.startsWith('2022-08');
    const monthMean = (from: readonly Admission[], month: (row: Admission) => boolean) =>
      mean(from.filter(month).map(stay));
    expect(monthMean(rows, november) - monthMean(rows, august)).to.be.closeTo(0, 1);
    const cut = [...generateHealth({ ...standard, cut: 'discharged' })].filter(
      (row) => row.ADMISSION_DATE < '2022-12-01',
    );
    expect(cut.every((row) => row.DISCHARGE_DATE <= '2022-12-31')).to.equal(true);
    expect(monthMean(cut, november)).to.be.below(monthMean(cut, august) - 7);
    // The seed project's training data: mean 33.235, November .1976 and October .2610 of the rows.
    expect(mean(cut.map(stay))).to.be.closeTo(33.235, 0.7);
    expect(cut.filter(november).length / cut.length).to.be.closeTo(0.1976, 0.006);
  });

  it('is written as two gzipped CSV files that say the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'health-'));
    try {
      const options = { seed: 3, trainingRows: 9_000, simulationRows: 1_000 };
      const files = await writeHealth({ ...options, folder });
      const expected = [...generateHealth(options)];
      expect([files.trainingRows, files.simulationRows]).to.deep.equal([9_000, 1_000]);
      expect(files.patients).to.equal(new Set(expected.map((row) => row.PATIENTID)).size);
      const read = (path: string) => {
        const text = gunzipSync(readFileSync(path)).toString();
        expect(text).to.not.match(/["\r\\]/);
        const [header, ...lines] = text.trimEnd().split('\n');
        expect(header).to.equal(columns.join(','));
        return lines;
      };
      expect([...read(files.training), ...read(files.simulation)]).to.deep.equal(
        expected.map((row) => columns.map((column) => row[column] ?? '').join(',')),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
