import { expect } from 'chai';
import { formatTable } from '../../../deploy/progress/table.js';
import { wrap } from '../../../deploy/progress/wrap.js';

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
});
