import { expect } from 'chai';
import { bars, columns } from '../../../report/charts/bars.js';
import { calibration } from '../../../report/charts/calibration.js';
import { curve } from '../../../report/charts/curve.js';
import { axisTo } from '../../../report/charts/draw.js';
import { fan } from '../../../report/charts/fan.js';
import { applyTheme, DARK, darken, PALETTE } from '../../../report/charts/palette.js';
import { timeline } from '../../../report/charts/timeline.js';
import { template } from '../../../report/templates.js';

/** Every number of a chart's paths: where something is drawn. */
const drawn = (svg: string) => [...svg.matchAll(/ d="([^"]*)"/g)].map((match) => match[1]!).join(' ');
const places = (svg: string) => /data-[xy]="([^"]*)"/.exec(svg)![1]!.split(' ').map(Number);
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]);

/** Contrast of two colours as WCAG 2 measures it. */
function contrast(one: string, other: string): number {
  const light = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const [dark = 1, bright = 1] = [light(one), light(other)].sort((a, b) => a - b);
  return bright / dark;
}

describe('charts', () => {
  const label = 'what "it" shows';
  const all = {
    fan: fan({
      label,
      title: 'A & B',
      now: 10,
      limit: 14,
      steps: [{ name: 'Fri', mean: 11, low: 9, high: 13 }],
    }),
    timeline: timeline({
      label,
      days: ['2026-01-05', '2026-01-12', '2026-01-19'],
      lines: [{ name: 'realised', values: [1, null, 2] }],
      marks: [{ name: 'alarm', day: '2026-01-14' }],
    }),
    bars: bars({ label, names: ['x', 'y'], series: [{ name: 'MAE', values: [1, 2] }] }),
    columns: columns({
      label,
      names: ['x', 'y'],
      format: 'percent',
      series: [{ name: 'n', values: [0.1, 0.2] }],
    }),
    curve: curve({
      label,
      unit: 'days',
      steps: ['100', '200'],
      lines: [
        { name: 'CRPS', values: [3, 2] },
        { name: 'MAE', values: [null, 3] },
      ],
    }),
    calibration: calibration({ label, unit: 'days', points: [{ predicted: 2, actual: 3 }] }),
  };

  it('are SVG that says what it shows and needs no script, style sheet or font', () => {
    for (const [name, svg] of Object.entries(all)) {
      expect(svg, name).to.match(/^<svg role="img" aria-label="what &quot;it&quot; shows" [\s\S]*<\/svg>$/);
      expect(svg, name).not.to.match(/NaN|undefined|<style|<script|href/);
      expect(drawn(svg), name).to.have.length.greaterThan(20);
    }
  });

  it('take a level called like a part of every object, and leave all objects as they were', () => {
    const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const sheet = { label, names: odd, series: [{ name: 'MAE', values: [1, 2, 3, 4] }] };
    for (const svg of [bars(sheet), columns(sheet), bars({ ...sheet, names: ['a', 'b', 'c', 'd'] })])
      expect(svg).not.to.match(/ (prev|next|key)=/);
    expect(texts(bars(sheet)).map((text) => text!.replace('\u200b', ''))).to.include.members(odd);
    const added: string[] = [];
    for (const key in {}) added.push(key);
    expect([...added, ...Object.keys(Object.prototype), ...Object.keys(Object)]).to.deep.equal([]);
  });

  it('say a huge number in few digits', () => {
    const sheet = { label, names: ['a', 'b'], series: [{ name: 'n', values: [1.5e17, -3e20] }] };
    for (const svg of [bars(sheet), columns(sheet)])
      expect(texts(svg).join(' '))
        .to.match(/\dE\d\d/)
        .and.not.to.match(/0,000,000/);
  });

  it('have a place for each line of their table, within the sheet', () => {
    const counts = Object.entries(all).map(([name, svg]) => [name, places(svg).length]);
    expect(counts).to.deep.equal([
      ['fan', 1],
      ['timeline', 3],
      ['bars', 2],
      ['columns', 2],
      ['curve', 2],
      ['calibration', 1],
    ]);
    for (const svg of Object.values(all)) for (const place of places(svg)) expect(place).to.be.within(0, 340);
  });

  it('write names and values as text', () => {
    expect(texts(all.fan)).to.include.members(['A &amp; B', 'now', 'Fri', 'expected', '8 of 10', 'capacity']);
    expect(texts(all.bars)).to.include.members(['x', 'y', '1.00', '2.00']);
    expect(texts(all.columns)).to.include.members(['0 %', '20 %']);
    expect(texts(all.timeline)).to.include.members(['realised', 'alarm']);
  });

  it('take a page’s colours, all of them', () => {
    for (const svg of Object.values(all)) {
      expect(svg).to.contain(PALETTE.first);
      expect(applyTheme(svg).replaceAll('#000', '')).not.to.match(/#[0-9a-f]{3,6}/i);
    }
  });

  it('have dark mails’ colours, all of them as far from the paper as a reader needs', () => {
    for (const svg of Object.values(all))
      for (const colour of Object.values(PALETTE)) expect(darken(svg)).not.to.contain(`"${colour}"`);
    const { paper, grid: _, ...inks } = DARK;
    for (const colour of Object.values(inks)) expect(contrast(colour, paper), colour).to.be.at.least(4.5);
    // The paper is the mail’s, the rest as on a dark page.
    const css = template('report/style.css');
    const dark = css.slice(css.indexOf('prefers-color-scheme: dark'));
    for (const [name, colour] of Object.entries({ ...inks, grid: DARK.grid }))
      expect(dark).to.contain(`--chart-${name}: ${colour};`);
  });

  it('end axes at round numbers that hold everything', () => {
    expect(axisTo(9.3)).to.deep.equal({ min: 0, max: 10, interval: 2.5 });
    expect(axisTo(12)).to.deep.equal({ min: 0, max: 15, interval: 5 });
    expect(axisTo(0.4)).to.deep.equal({ min: 0, max: 0.4, interval: 0.1 });
  });
});
