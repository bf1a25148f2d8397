import { expect } from 'chai';
import fc from 'fast-check';
import type { FeatureCode, RawRow } from '../../../udfs/encoding/encoding.js';
import type { Model } from '../../../udfs/model.js';
import { describe as detailOf, refuse } from '../../../udfs/prediction/detail.js';
import { BatchReader, LEAST_KNOWN } from '../../../udfs/translators/batch.js';

const DIAGNOSES = ['Hip fracture', 'Pneumonia', 'Ménière', 'K80.2', 'Sepsis'];

const features: FeatureCode[] = [
  { kind: 'numeric', name: 'AGE', usual: 70, absent: 0, range: [18, 97] },
  {
    kind: 'target',
    name: 'DIAGNOSIS',
    levels: Object.fromEntries(DIAGNOSES.map((level, i) => [level, i + 1.5])),
    rows: DIAGNOSES.map((_, i) => 100 + i),
    ...{ unseen: 5, missing: 4, usual: 'Pneumonia', absent: 0 },
  },
  // Two that differ by their case alone stay two.
  { kind: 'onehot', name: 'WARD', levels: ['A', 'a', 'Ost'], usual: 'A', absent: 0 },
  { kind: 'ordered', name: 'TRIAGE', levels: ['low', 'high'], usual: 'low', absent: 0 },
  {
    ...{ kind: 'packed', name: 'ICD', unseen: 5, missing: 4, prior: 1, usual: 'i10', absent: 0 },
    groups: [
      [3.5, ['i10', 'e11.9']],
      [7, ['s72.0']],
    ],
  },
  // What the contract puts together of TRIAGE and ICD.
  { kind: 'onehot', name: 'BOTH', levels: ['low-i10', 'high-s72.0'], usual: 'low-i10', absent: 0 },
];
const shares = { AGE: 0.1, DIAGNOSIS: 0.56, WARD: 0.1, TRIAGE: 0.1, ICD: 0.1, BOTH: 0.04 };
const model: Model = {
  ...{ version: 'general-v1', endpoint: 'los-general-v1', floor: 1, bands: [], features },
  inputs: {
    into: {
      ...{ CASE_ID: [], AGE: ['AGE'], DIAGNOSIS: ['DIAGNOSIS'], WARD: ['WARD'], CITY: [] },
      ...{ TRIAGE: ['TRIAGE', 'BOTH'], ICD: ['ICD', 'BOTH'], BOTH: ['BOTH'] },
    },
    ...{ called: { FALLNUMMER: 'CASE_ID' }, id: 'CASE_ID', rareDefaults: [], history: [], shares },
  },
};

function ask(row: RawRow) {
  const lines: string[] = [];
  const data = new BatchReader(model).read({ body: { data: [[0, row]] } }, ({ texts }) =>
    lines.push(texts.join()),
  );
  const reason = data.refused?.[0];
  const answer =
    reason === undefined
      ? { ...detailOf({ days: 5 }, data, 0), reason: undefined }
      : { ...refuse(reason, data, 0), note: undefined };
  return { line: lines[0], unseen: data.unseen?.[0] ?? [], ...answer };
}
/** As LOS_INPUTS hands over what a person gives. */
const byHand = (row: RawRow) => ask({ ...row, LOS_KEYS: Object.keys(row) });

const learned = fc.record({
  AGE: fc.integer({ min: 18, max: 97 }),
  DIAGNOSIS: fc.constantFrom(...DIAGNOSES),
  WARD: fc.constantFrom('A', 'a', 'Ost'),
  TRIAGE: fc.constantFrom('low', 'high'),
  ICD: fc.constantFrom('i10', 'e11.9', 's72.0'),
  BOTH: fc.constantFrom('low-i10', 'high-s72.0'),
});
/** The same value as people write it. */
const written = (value: string) =>
  fc
    .tuple(
      fc.constantFrom('', ' ', '\t', '\u00a0 '),
      fc.constantFrom('', '  '),
      fc.boolean(),
      fc.constantFrom('NFC', 'NFD', 'as'),
    )
    .chain(([before, after, shout, form]) =>
      fc.array(fc.boolean(), { minLength: value.length, maxLength: value.length }).map((ups) => {
        const cased = [...value]
          .map((sign, i) => (shout || ups[i] ? sign.toUpperCase() : sign.toLowerCase()))
          .join('');
        return `${before}${form === 'as' ? cased : cased.normalize(form)}${after}`;
      }),
    );

describe('values that a person gives', () => {
  it('are the model’s in any case, with blanks at the ends, in any form of Unicode, and in any order', () => {
    fc.assert(
      fc.property(
        learned.chain((row) =>
          fc.tuple(
            fc.constant(row),
            fc.record({
              DIAGNOSIS: written(row.DIAGNOSIS),
              WARD: row.WARD === 'Ost' ? written('Ost') : fc.constant(row.WARD),
              TRIAGE: written(row.TRIAGE),
              ICD: written(row.ICD),
              BOTH: written(row.BOTH).map((text) => text.replace('-', ' - ')),
            }),
            fc.shuffledSubarray(Object.keys(row), { minLength: 6 }),
          ),
        ),
        ([row, other, order]) => {
          const given: Record<string, unknown> = { ...row, ...other };
          const asked = byHand(Object.fromEntries(order.map((name) => [name, given[name]])));
          expect(asked.line).to.equal(ask(row).line);
          expect(asked).to.deep.include({ known: 1, note: null, unseen: [] });
        },
      ),
    );
  });

  it('are unknown where they are not the model’s: the share of the feature is, and the answer says so', () => {
    fc.assert(
      fc.property(
        learned,
        fc.constantFrom('DIAGNOSIS', 'WARD', 'TRIAGE', 'ICD', 'BOTH'),
        fc.nat({ max: 20 }),
        (row, name, at) => {
          const value = row[name as 'WARD'] as string;
          const place = at % (value.length + 1);
          const asked = byHand({ ...row, [name]: `${value.slice(0, place)}¤${value.slice(place)}` });
          const known = 1 - shares[name as 'WARD'];
          expect(asked.known).to.be.closeTo(known, 1e-9);
          expect(asked.days === null).to.equal(known < LEAST_KNOWN);
          expect(asked.days === null ? asked.reason : asked.note)
            .to.contain(`${name} '`)
            .and.to.contain('is new to general-v1');
        },
      ),
    );
  });

  it('that are misspelt are told with what was probably meant, as keys are', () => {
    const row = { AGE: 84, WARD: 'Ost', TRIAGE: 'low', ICD: 's72.0', BOTH: 'low-i10' };
    expect(byHand({ ...row, DIAGNOSIS: 'hip fracure' }).reason).to.equal(
      "Too few inputs are known: 44 % of what general-v1 relies on, of which 50 % is the least. It lacks DIAGNOSIS (56 %). DIAGNOSIS 'hip fracure' is new to general-v1, or fewer than ten patients had it. Did you mean 'Hip fracture'?",
    );
    expect(byHand({ ...row, DIAGNOSIS: 'Sepsis', WARD: 'East' }).note).to.equal(
      "WARD 'East' is new to general-v1, or fewer than ten patients had it.",
    );
    // Of A and a it is neither.
    expect(byHand({ ...row, DIAGNOSIS: 'Sepsis', WARD: 'á' }).unseen).to.deep.equal(['WARD']);
  });

  it('that are numbers far from what was learned are named', () => {
    const row = { DIAGNOSIS: 'Sepsis', WARD: 'Ost', TRIAGE: 'low', ICD: 'i10', BOTH: 'low-i10' };
    for (const AGE of [999, -5, '140'])
      expect(byHand({ ...row, AGE })).to.deep.include({
        known: 1,
        note: `AGE ${AGE} is far from what general-v1 has learned from (18 to 97).`,
      });
    for (const AGE of [18, 97, 101, 12, null]) expect(byHand({ ...row, AGE }).note).to.equal(null);
  });

  it('are another matter in a row of the table, which keeps its prediction', () => {
    const row = { AGE: 999, DIAGNOSIS: 'New', WARD: 'ost', TRIAGE: 'low', ICD: 'i10', BOTH: 'low-i10' };
    const logged = ask(row);
    expect(logged).to.deep.include({ days: 5, known: 1, note: null, unseen: ['DIAGNOSIS', 'WARD'] });
    for (const id of ['case_id', 'Fallnummer']) {
      const asked = ask({ ...row, WARD: 'Ost', LOS_KEYS: [...Object.keys(row), id] });
      expect(asked.line).to.equal(ask({ ...row, WARD: 'Ost' }).line);
      expect(asked).to.deep.include({ days: 5, known: 0.44 });
      expect(asked.note).to.contain("DIAGNOSIS 'New' is new").and.to.contain('AGE 999 is far');
    }
    expect(byHand(row).days).to.equal(null);
  });
});
