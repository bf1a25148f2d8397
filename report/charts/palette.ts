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

/** The same in a dark mail, on its paper (templates/mail/layout.hbs); other colours are those of a dark page. */
export const DARK: Readonly<Record<keyof typeof PALETTE, string>> = {
  ink: '#e8edf2',
  quiet: '#a9b4bf',
  grid: '#36424e',
  paper: '#1b232c',
  first: '#56b4e9',
  second: '#f0883e',
  third: '#2fbf95',
  fourth: '#d98cc8',
};

/** Colours of series, in this order. */
export const SERIES = [PALETTE.first, PALETTE.second, PALETTE.third, PALETTE.fourth] as const;

/** A chart that takes its colours from the page around it: variables `--chart-ink`, `--chart-first` … */
export function applyTheme(svg: string): string {
  return recolour(svg, (name) => `var(--chart-${name})`);
}

/** A chart for dark paper. */
export function darken(svg: string): string {
  return recolour(svg, (name) => DARK[name]);
}

function recolour(svg: string, colourOf: (name: keyof typeof PALETTE) => string): string {
  const names = Object.keys(PALETTE) as (keyof typeof PALETTE)[];
  return names.reduce((text, name) => text.replaceAll(`"${PALETTE[name]}"`, `"${colourOf(name)}"`), svg);
}
