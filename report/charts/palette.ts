/**
 * Colours of every chart, told apart by people who see no red, green or blue (Okabe and Ito, 2008) and at least 3 : 1 against
 * white; nothing is told by colour alone. templates/report/style.css has the same names for a dark page.
 */
export const PALETTE = {
  ink: '#1c2733',
  quiet: '#54606c',
  grid: '#dde3e9',
  paper: '#ffffff',
  first: '#0072b2',
  second: '#d55e00',
  third: '#009e73',
  fourth: '#aa4499',
} as const;

/** Colours of series, in this order. */
export const SERIES = [PALETTE.first, PALETTE.second, PALETTE.third, PALETTE.fourth] as const;

/** A chart that takes its colours from the page around it: variables `--chart-ink`, `--chart-first` … */
export function applyTheme(svg: string): string {
  return Object.entries(PALETTE).reduce(
    (text, [name, colour]) => text.replaceAll(`"${colour}"`, `"var(--chart-${name})"`),
    svg,
  );
}
