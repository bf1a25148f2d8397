import { expect } from 'chai';
import type { Board, BoardLine } from '../../../report/beds/board.js';
import { boardTable } from '../../../report/beds/board-table.js';
import { generalBoard, generalNights } from './general-board.js';

describe('the board as a table', () => {
  const tableOf = (given: Board) =>
    boardTable(given, generalNights, { name: null, units: {} }, given.madeOn, 'UTC');
  const labelsOf = (given: Board) => tableOf(given).columns.map(({ label }) => label);

  it('has a column for beds, free beds, state and risk', () => {
    expect(labelsOf(generalBoard)).to.include.members(['State', 'Beds', 'Occupied', 'Free', 'Chance over']);
  });

  it('leaves out columns in which nothing can stand where no beds are given, and says what brings them', () => {
    const without = (line: BoardLine) => ({
      ...line,
      capacity: null,
      overCapacity: null,
      firstOver: null,
      word: null,
    });
    const given: Board = {
      ...generalBoard,
      wards: generalBoard.wards.map(without),
      hospital: generalBoard.hospital && without(generalBoard.hospital),
    };
    expect(labelsOf(given)).not.to.include.members(['State', 'Beds', 'Free', 'Chance over']);
    expect(labelsOf(given)).to.include('Occupied');
    expect(tableOf(given).empty.join(' ')).to.contain('capacity:');
    expect(tableOf(generalBoard).empty.join(' ')).not.to.contain('capacity:');
  });

  it('has who moves in and out where patients move, and no such column elsewhere', () => {
    const moving: Board = {
      ...generalBoard,
      wards: generalBoard.wards.map((line) => ({ ...line, movedIn: 2.25, movedOut: 0.5 })),
    };
    const { columns, rows } = tableOf(moving);
    const at = columns.findIndex(({ label }) => label.startsWith('Moving in, out'));
    expect(rows[0]!.cells[at - 1]!.cell).to.equal('2.3, 0.5');
    expect(rows.at(-1)!.cells[at - 1]!.cell).to.equal('');
    expect(labelsOf(generalBoard).join(' ')).not.to.contain('Moving');
  });

  it('has closed beds where there are some, and no such column elsewhere', () => {
    const { wards, hospital } = generalBoard;
    const [first, ...others] = wards;
    const closing = {
      ...generalBoard,
      wards: [{ ...first!, closed: 4 }, ...others.map((line) => ({ ...line, closed: 0 }))],
    };
    const given: Board = { ...closing, hospital: { ...hospital!, closed: 4 } };
    const { columns, rows, figures } = tableOf(given);
    const at = columns.findIndex(({ label }) => label === 'Closed');
    expect(rows.map(({ cells }) => cells[at - 1]!.cell)).to.deep.equal(['4', ...others.map(() => '0'), '4']);
    expect(figures[0]!.note).to.contain('; 4 closed');
    expect(labelsOf(generalBoard)).not.to.contain('Closed');
  });

  it('says how many beds wards lack beside those that are free', () => {
    const [first, second, ...others] = generalBoard.wards;
    const full = (line: BoardLine, lacking: number): BoardLine => ({
      ...line,
      tonight: { ...line.tonight, mean: (line.capacity ?? 0) + lacking },
    });
    const given: Board = {
      ...generalBoard,
      wards: [full(first!, 3), full(second!, 2), ...others.map((line) => full(line, -1))],
    };
    const note = (groups: Board['groups']) => tableOf({ ...given, groups }).figures[0]!.note;
    expect(note([])).to.match(/in 8 of 10 nights; 5 short in 2 wards$/);
    const [third, fourth] = others;
    expect(note([[first!.unit, third!.unit, fourth!.unit]])).to.match(
      /5 short in 2 wards, 3 of them beyond what their groups have free$/,
    );
    expect(note([given.wards.map(({ unit }) => unit)])).to.match(
      /5 short in 2 wards, for which wards of their groups have beds$/,
    );
  });

  it('has the patients expected to leave and to come in tenths, all of them', () => {
    const { rows } = tableOf(generalBoard);
    for (const { name, cells } of rows)
      for (const { label, cell } of cells.filter((each) => /^(Leaving|Coming)/.test(each.label)))
        expect(cell, `${name}, ${label}`).to.match(/^\d+\.\d$/);
  });
});
