import { expect } from 'chai';
import { formatTable } from '../../../report/text/table.js';
import { widthOf, wrap, wrapLine } from '../../../report/text/wrap.js';

describe('a text on a terminal', () => {
  it('is broken between words, with per cent beside their numbers', () => {
    expect(wrap('Stays of 12 % are long', '- ', 13)).to.deep.equal(['- Stays of', '  12 % are', '  long']);
    expect(wrap('', '- ')).to.deep.equal(['- ']);
  });

  it('has names that are too long broken after their underscores, and no other word', () => {
    expect(wrap('by AVAILABLE_EXTRA_ROOMS now', '', 12)).to.deep.equal([
      'by',
      'AVAILABLE_',
      'EXTRA_ROOMS',
      'now',
    ]);
    expect(wrap('an unbreakable word', '', 6)).to.deep.equal(['an', 'unbreakable', 'word']);
  });
});

describe('a line of output', () => {
  it('goes on below where its text began, beside its label', () => {
    expect(wrapLine('Mail       where the mails of the day are', 24)).to.deep.equal([
      'Mail       where the',
      '           mails of the',
      '           day are',
    ]);
    expect(wrapLine('  a hint that is longer', 12)).to.deep.equal(['  a hint', '  that is', '  longer']);
  });

  it('stays as it is where it is a row of a table or a script, or nothing is too long', () => {
    for (const line of [
      'ward A      12      13.5   and more',
      'SELECT 1;\nSELECT 2 FROM a_table_of_names;',
      'short',
    ])
      expect(wrapLine(line, 20)).to.deep.equal([line]);
  });

  it('has the width of a terminal, and none elsewhere', () => {
    expect(widthOf({ isTTY: true, columns: 120 })).to.equal(120);
    expect(widthOf({ isTTY: true })).to.equal(80);
    expect(widthOf({})).to.equal(Number.POSITIVE_INFINITY);
  });
});

describe('a table on a terminal', () => {
  const table = {
    title: 'Stays by department and by the region of the hospital, in days',
    columns: ['DEPARTMENT_OF_HOSPITAL', 'region', 'stays', 'mean'],
    rows: [
      ['TB & Chest disease', 'X', 1200, 7.25],
      ['gynecology', 'Y', 31, 12],
    ],
  };

  it('is no wider than it: columns of text give way, numbers stay whole', () => {
    expect(formatTable(table, 33)).to.deep.equal([
      'Stays by department and by the',
      'region of the hospital, in days',
      'DEPARTMENT_  region  stays   mean',
      'OF_HOSPITAL',
      'TB & Chest   X       1,200   7.25',
      'disease',
      'gynecology   Y          31  12.00',
    ]);
  });

  it('has the columns for which there is no room below, beside the first one', () => {
    expect(formatTable({ ...table, title: 'Stays' }, 24)).to.deep.equal([
      'Stays',
      'DEPARTMENT_OF_    region',
      'HOSPITAL',
      'TB & Chest        X',
      'disease',
      'gynecology        Y',
      '',
      'DEPARTMENT_OF_     stays',
      'HOSPITAL',
      'TB & Chest         1,200',
      'disease',
      'gynecology            31',
      '',
      'DEPARTMENT_OF_      mean',
      'HOSPITAL',
      'TB & Chest          7.25',
      'disease',
      'gynecology         12.00',
    ]);
  });
});
