import { expect } from 'chai';
import { firstSentence } from '../../../procedures/exploring/answers/all.js';
import {
  codeLevels,
  codeNumbers,
  groupLabels,
  type Level,
  labelOf,
} from '../../../procedures/exploring/coding.js';
import type { Column } from '../../../procedures/exploring/columns.js';
import {
  coarsen,
  codesOf,
  conditionSql,
  dimensionOf,
  groupingOf,
} from '../../../procedures/exploring/groupings.js';
import type { NumberFacts } from '../../../procedures/exploring/numbers.js';
import { capital, list, number, percent } from '../../../procedures/exploring/words.js';

const column = (more: Partial<Column>): Column => ({
  name: 'X',
  kind: 'category',
  role: 'feature',
  value: 'V0',
  ...more,
});
const level = (name: string, n: number, earlier = n, later = 0): Level => ({
  level: name,
  n,
  earlier,
  later,
  levels: 9,
});

describe('levels that become numbers', () => {
  it('are the most frequent first, those in an order in theirs, numbers by size', () => {
    const labels = (more: Partial<Column>, ...names: string[]) =>
      codeLevels(
        column(more),
        0,
        names.map((name, i) => level(name, 100 - i)),
      ).labels;
    expect(labels({}, 'b', 'c', 'a')).to.deep.equal(['b', 'c', 'a']);
    expect(labels({ levels: ['low', 'mid', 'high'] }, 'high', 'low')).to.deep.equal(['low', 'high']);
    expect(labels({}, '10', '9', '2')).to.deep.equal(['2', '9', '10']);
    expect(labels({}, '2018-02', '2017-11')).to.deep.equal(['2017-11', '2018-02']);
  });

  it('are others where a period has fewer than ten patients of them, though none is enough', () => {
    const { labels, coding } = codeLevels(column({}), 3, [
      level('new', 50, 0, 50),
      level('both', 40, 20, 20),
      level('rare', 29, 20, 9),
      level("quo'te", 20, 10, 10),
    ]);
    expect(labels).to.deep.equal(['new', 'both', "quo'te"]);
    expect(coding).to.equal(
      "CASE WHEN V0 IS NULL THEN 0 WHEN V0 = 'new' THEN 1 WHEN V0 = 'both' THEN 2 WHEN V0 = 'quo''te' THEN 3 ELSE -1 END",
    );
  });

  it('that are in no list of ordered levels count as missing', () => {
    const { coding } = codeLevels(column({ levels: ['low', 'high'] }), 0, [
      level('low', 50),
      level('odd', 50),
    ]);
    expect(coding).to.equal(
      "CASE WHEN V0 IS NULL THEN 0 WHEN V0 = 'low' THEN 1 WHEN V0 IN ('low', 'high') THEN -1 ELSE 0 END",
    );
    expect(labelOf({ labels: ['low'] }, 0)).to.equal('(missing)');
    expect(labelOf({ labels: ['low'] }, -1)).to.equal('(other)');
  });
});

describe('numbers that become groups', () => {
  const facts = { p20: 1, p40: 1, p60: 3, p80: 9, high: 9, p99: 9 } as NumberFacts;

  it('have the bounds that are asked for, else fifths, and always something above the last', () => {
    expect(codeNumbers(column({ kind: 'number', cuts: [3000, 7000] }), 0, facts).labels).to.deep.equal([
      'to 3,000',
      '3,000 to 7,000',
      'over 7,000',
    ]);
    expect(codeNumbers(column({ kind: 'number' }), 0, facts).labels).to.deep.equal([
      'to 1',
      '1 to 3',
      'over 3',
    ]);
    expect(groupLabels([])).to.deep.equal(['all values']);
    // A large unit.
    expect(groupLabels([0.00001, 0.00002, 0.5])).to.deep.equal([
      'to 0.00001',
      '0.00001 to 0.00002',
      '0.00002 to 0.5',
      'over 0.5',
    ]);
  });

  it('are coarser for one question, by bounds that are among the column’s own', () => {
    const coded = codeNumbers(column({ kind: 'number', cuts: [10, 20, 30] }), 4, undefined);
    const dimension = coarsen(coded, [20]);
    expect(dimension.labels).to.deep.equal(['to 20', 'over 20']);
    expect(dimension.code).to.equal('CASE WHEN C4 < 1 THEN C4 WHEN C4 <= 2 THEN 1 ELSE 2 END');
    expect(conditionSql(coded, { above: 10 })).to.equal('C4 > 1 AND C4 >= 1');
    expect(conditionSql(coded, { upTo: 20 })).to.equal('C4 BETWEEN 1 AND 2');
  });

  it('of levels leave out those that are among the others', () => {
    const ages = column({ levels: ['0-10', '11-20', '21-30', '31-40'] });
    const coded = codeLevels(ages, 2, [level('31-40', 90), level('21-30', 80), level('0-10', 70)]);
    expect(coarsen(coded, ['21-30']).code).to.equal(
      'CASE WHEN C2 < 1 THEN C2 WHEN C2 <= 2 THEN 1 ELSE 2 END',
    );
    expect(conditionSql(coded, { upTo: '11-20' })).to.equal('C2 BETWEEN 1 AND 1');
    expect(conditionSql(coded, { in: ['0-10', '11-20'] })).to.equal('C2 IN (1)');
    expect(conditionSql(coded, { in: ['11-20'] })).to.equal('FALSE');
  });

  it('have a key from which their codes are read', () => {
    const dimensions = [1, 2, 3].map((place) =>
      dimensionOf(codeNumbers(column({ kind: 'number' }), place, facts)),
    );
    const grouping = groupingOf(dimensions);
    expect(grouping.key).to.equal('(((C1 + 2) * 100 + (C2 + 2)) * 100 + (C3 + 2))');
    expect(codesOf(grouping, (1 + 2) * 10000 + (0 + 2) * 100 + (-1 + 2))).to.deep.equal([1, 0, -1]);
  });
});

describe('words', () => {
  it('say numbers as people read them', () => {
    expect([number(1234567.891), number(-0.06, 2), number(3, 2), number(0.05)]).to.deep.equal([
      '1,234,567.9',
      '−0.06',
      '3',
      '0.1',
    ]);
    expect([percent(0.123), percent(0.0456), percent(0.0001), percent(0), percent(1)]).to.deep.equal([
      ...['12 %', '4.6 %', 'under 0.1 %', '0 %', '100 %'],
    ]);
    expect([list(['a']), list(['a', 'b', 'c']), list([])]).to.deep.equal(['a', 'a, b and c', '']);
    expect(capital('month')).to.equal('Month');
  });

  it('end a sentence at its full stop, not at a point in a number', () => {
    expect(firstSentence('It rose by 2.5 days. Then it fell.')).to.equal('It rose by 2.5 days.');
    expect(firstSentence('It rose by 2.5 days')).to.equal('It rose by 2.5 days');
  });
});
