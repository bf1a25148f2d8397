import { expect } from 'chai';
import { formatTable } from '../../../report/text/table.js';

describe('a table of text', () => {
  it('has numbers to the right, and one line a row whatever a level holds', () => {
    const rows = [
      ['Ward\nnorth', 1234.567],
      ['普通', 7],
    ];
    expect(formatTable({ title: 'Stays', columns: ['Ward', 'Days'], rows })).to.deep.equal([
      'Stays',
      'Ward            Days',
      'Ward north  1,234.57',
      '普通              7.00',
    ]);
  });
});
