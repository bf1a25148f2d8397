import { expect } from 'chai';
import fc from 'fast-check';
import { DATE_ORDERS, type DateOrder, isoDate, readDate } from '../../../contracts/files/dates.js';
import { DateProfiler } from '../../../contracts/profiling/date-look.js';

const two = (n: number) => String(n).padStart(2, '0');
const four = (n: number) => String(n).padStart(4, '0');
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2299-12-31'), noInvalidDate: true })
  .map((date) => ({ y: date.getUTCFullYear(), m: date.getUTCMonth() + 1, d: date.getUTCDate() }));
type Day = { y: number; m: number; d: number };
const iso = ({ y, m, d }: Day) => `${four(y)}-${two(m)}-${two(d)}`;

const english = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const MONTHS = [
  english,
  'January February March April May June July August September October November December'.split(' '),
  'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' '),
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'.split(' '),
  'januari februari maart april mei juni juli augustus september oktober november december'.split(' '),
];

/** Ways of writing a day that say in themselves which number is what. */
const evident = [
  iso,
  ({ y, m, d }: Day) => `${y}/${m}/${d}`,
  ({ y, m, d }: Day) => `${four(y)}.${two(m)}.${two(d)}`,
  ({ y, m, d }: Day) => `${four(y)}${two(m)}${two(d)}`,
  ...MONTHS.flatMap((names) => [
    ({ y, m, d }: Day) => `${d} ${names[m - 1]} ${y}`,
    ({ y, m, d }: Day) => `${two(d)}. ${names[m - 1]} ${y}`,
    ({ y, m, d }: Day) => `${two(d)}-${names[m - 1]!.toUpperCase()}-${y}`,
  ]),
  ({ y, m, d }: Day) => `${english[m - 1]} ${d}, ${y}`,
];
/** And those that do not. */
const numbers: Record<DateOrder, readonly ((day: Day) => string)[]> = {
  DMY: [
    ({ y, m, d }) => `${two(d)}/${two(m)}/${y}`,
    ({ y, m, d }) => `${d}/${m}/${y}`,
    ({ y, m, d }) => `${two(d)}-${two(m)}-${y}`,
    ({ y, m, d }) => `${two(d)}.${two(m)}.${y}`,
    ({ y, m, d }) => `${d}.${m}.${y}`,
    ({ y, m, d }) => `${d}. ${m}. ${y}`,
  ],
  MDY: [
    ({ y, m, d }) => `${two(m)}/${two(d)}/${y}`,
    ({ y, m, d }) => `${m}/${d}/${y}`,
    ({ y, m, d }) => `${two(m)}-${two(d)}-${y}`,
  ],
  YMD: [],
};
const time = fc.record({
  h: fc.nat(23),
  min: fc.nat(59),
  s: fc.nat(59),
  ms: fc.nat(999),
});
type Time = { h: number; min: number; s: number; ms: number };
const half = (h: number) => `${h % 12 === 0 ? 12 : h % 12}`;
/** Ways of writing a time, and what is left of it. */
const times: readonly [write: (t: Time) => string, read: (t: Time) => string][] = [
  [({ h, min }) => ` ${two(h)}:${two(min)}`, ({ h, min }) => `${two(h)}:${two(min)}:00`],
  [({ h, min }) => ` ${h}:${two(min)}`, ({ h, min }) => `${two(h)}:${two(min)}:00`],
  [({ h, min }) => `, ${h}:${two(min)} Uhr`, ({ h, min }) => `${two(h)}:${two(min)}:00`],
  [({ h, min }) => ` ${h}h${two(min)}`, ({ h, min }) => `${two(h)}:${two(min)}:00`],
  [
    ({ h, min }) => ` ${half(h)}:${two(min)} ${h < 12 ? 'AM' : 'PM'}`,
    ({ h, min }) => `${two(h)}:${two(min)}:00`,
  ],
  [
    ({ h, min, s }) => ` ${half(h)}:${two(min)}:${two(s)} ${h < 12 ? 'a.m.' : 'p.m.'}`,
    ({ h, min, s }) => `${two(h)}:${two(min)}:${two(s)}`,
  ],
  [
    ({ h, min, s }) => `T${two(h)}:${two(min)}:${two(s)}`,
    ({ h, min, s }) => `${two(h)}:${two(min)}:${two(s)}`,
  ],
  [
    ({ h, min, s, ms }) => ` ${two(h)}:${two(min)}:${two(s)}.${String(ms).padStart(3, '0')}`,
    ({ h, min, s, ms }) => `${two(h)}:${two(min)}:${two(s)}.${String(ms).padStart(3, '0')}`,
  ],
];
const offsets: readonly [written: string, read: string][] = [
  ['Z', 'Z'],
  [' UTC', 'Z'],
  ['+01:00', '+01:00'],
  ['-0530', '-05:30'],
  [' +02', '+02:00'],
];

describe('dates of files', () => {
  it('are read back, however they are written, with every time and offset', () => {
    fc.assert(
      fc.property(
        day,
        fc.nat(evident.length - 1),
        fc.option(fc.tuple(time, fc.nat(times.length - 1))),
        fc.option(fc.nat(offsets.length - 1)),
        (date, how, clock, zone) => {
          const [write, read] = clock ? times[clock[1]]! : [() => '', () => ''];
          const bare = evident[how]!(date);
          // Digits have their own way of writing a time.
          if (/^\d{8}$/.test(bare) && clock) return;
          const offset = clock && zone !== null ? offsets[zone]! : (['', ''] as const);
          const text = `${bare}${clock ? write(clock[0]) : ''}${offset[0]}`;
          const written = readDate(text);
          expect(written, text).not.to.equal(undefined);
          const expected = clock ? `${iso(date)} ${read(clock[0])}${offset[1]}` : iso(date);
          for (const order of [undefined, ...DATE_ORDERS])
            expect(isoDate(written!, order), text).to.equal(expected);
        },
      ),
    );
  });

  it('of HL7 are read back, digits without anything between them', () => {
    fc.assert(
      fc.property(day, time, ({ y, m, d }, { h, min, s }) => {
        const date = `${four(y)}${two(m)}${two(d)}`;
        const text = `${date}${two(h)}${two(min)}`;
        expect(isoDate(readDate(text)!)).to.equal(`${iso({ y, m, d })} ${two(h)}:${two(min)}:00`);
        expect(isoDate(readDate(`${text}${two(s)}`)!)).to.equal(
          `${iso({ y, m, d })} ${two(h)}:${two(min)}:${two(s)}`,
        );
        expect(isoDate(readDate(`${text}${two(s)}.25-0500`)!)).to.equal(
          `${iso({ y, m, d })} ${two(h)}:${two(min)}:${two(s)}.25-05:00`,
        );
      }),
    );
  });

  it('of numbers alone are read by the order that is said, and never without one', () => {
    fc.assert(
      fc.property(day, fc.constantFrom<DateOrder>('DMY', 'MDY'), fc.nat(9), (date, order, how) => {
        const ways = numbers[order];
        const text = ways[how % ways.length]!(date);
        const written = readDate(text)!;
        expect(isoDate(written, order), text).to.equal(iso(date));
        const dotted = text.includes('.');
        expect(isoDate(written), text).to.equal(dotted ? iso(date) : undefined);
      }),
    );
  });

  it('that are none are taken for none', () => {
    for (const none of [
      '31/02/2026',
      '2026-02-30',
      '13/13/2026',
      '00/01/2026',
      '2026-01-31 24:00',
      '2026-01-31 25:00',
      '2026-01-31 13:05 PM',
      '2026-01-31 10:61',
      '31.04.2026',
      '29.02.2025',
      '123456',
      '1/2/3',
      '12345678',
      '20261345',
      '202601312460',
      '10 mg',
      '31 Foo 2026',
      '2026-01',
      '3.5',
      '1,234,567',
      '2026-01-31x',
      '31/01/2026/5',
      'ward 3',
    ])
      expect(readDate(none), none).to.equal(undefined);
  });
});

describe('a column of dates', () => {
  const look = (values: readonly string[], year = 2026) => {
    const dates = new DateProfiler(year);
    for (const value of values) dates.take(value);
    return dates;
  };

  it('is settled by one day after the 12th, and left open without one', () => {
    const order = fc.constantFrom<DateOrder>('DMY', 'MDY');
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 30 }), order, fc.nat(5), (days, by, how) => {
        const ways = numbers[by].filter((way) => !way({ y: 2026, m: 1, d: 1 }).includes('.'));
        const kind = look(days.map((each) => ways[how % ways.length]!(each))).kind()!;
        if (days.some(({ d }) => d > 12)) expect(kind).to.deep.include({ type: 'DATE', order: by });
        else {
          expect(kind.unsettled).to.have.members(['DMY', 'MDY']);
          expect(kind).not.to.have.property('order');
        }
      }),
    );
  });

  it('is of no order where two values contradict each other', () => {
    expect(look(['13/01/2026', '01/13/2026']).kind()).to.equal(undefined);
    expect(look(['13/01/2026', '2026-01-13', '14.01.2026']).kind()).to.deep.include({ order: 'DMY' });
  });

  it('takes what other columns settle only where its own values allow it', () => {
    expect(look(['03/04/2026']).kind('MDY')).to.deep.include({ order: 'MDY' });
    expect(look(['23/04/2026']).kind('MDY')).to.deep.include({ order: 'DMY' });
  });

  it('reads years of two digits where one order alone has them near', () => {
    expect(look(['31/01/26', '15/02/25']).kind()).to.deep.include({ order: 'DMY', years: [2025, 2026] });
    expect(look(['26-01-31', '25-02-15']).kind()).to.deep.include({ order: 'YMD' });
    expect(look(['1/31/26']).kind()).to.deep.include({ order: 'MDY' });
    expect(look(['03/04/26']).kind()!.unsettled).to.have.members(['DMY', 'MDY', 'YMD']);
    expect(look(['31.01.45']).kind()).to.deep.equal({ type: 'DATE', years: [1945, 1945] });
    expect(isoDate(readDate('31-JAN-26', 2026)!)).to.equal('2026-01-31');
    expect(isoDate(readDate('31-JAN-45', 2026)!)).to.equal('1945-01-31');
  });

  it('keeps the time on the clock where offsets change with the season, and the moment where all are UTC', () => {
    expect(
      look(['2026-01-31T23:30:00+01:00', '2026-07-31T23:30:00+02:00', '2026-07-31 01:00']).kind(),
    ).to.deep.equal({
      type: 'TIMESTAMP_NTZ',
      offsets: ['+01:00', '+02:00'],
    });
    expect(look(['2026-01-31T23:30:00+00:00', '2026-07-31T23:30:00+01:00']).kind()!.type).to.equal(
      'TIMESTAMP_NTZ',
    );
    for (const utc of ['Z', '+00:00'])
      expect(look([`2026-01-31T23:30:00${utc}`]).kind()).to.deep.equal({ type: 'TIMESTAMP_TZ' });
  });
});
