import { DARK, darken, PALETTE } from '../charts/palette.js';
import { templatePath } from '../templates.js';

/** Twice what a phone shows of it, for its finer dots. */
const WIDTH = 1080;
const FONT = templatePath('fonts/DejaVuSansCondensed.ttf');

type Renderer = typeof import('@resvg/resvg-js');
let renderer: Promise<Renderer | undefined> | undefined;

/**
 * The module that makes pictures is optional: it has a part that is compiled for each machine, and whatever keeps that
 * from being loaded means that there are none here.
 */
function load(): Promise<Renderer | undefined> {
  renderer ??= import('@resvg/resvg-js').catch(() => undefined);
  return renderer;
}

/** A picture of a mail as it goes with it. */
export interface Image {
  /** In `cid:NAME@predict-los` of templates/mail/layout.hbs. */
  readonly name: 'picture' | 'dark-picture';
  readonly png: Buffer;
}

/**
 * A picture as PNG, for light mails and for dark ones, in the one font that comes with us, whatever the machine has.
 * @param draw gives it as SVG
 * @returns nothing where pictures cannot be made: then a mail goes without
 */
export async function images(draw: () => Promise<string>): Promise<Image[]> {
  const made = await load();
  if (!made) return [];
  const { Resvg } = made;
  const png = (svg: string, background: string) =>
    new Resvg(svg, {
      fitTo: { mode: 'width', value: WIDTH },
      background,
      font: {
        loadSystemFonts: false,
        fontFiles: [FONT],
        defaultFontFamily: 'DejaVu Sans Condensed',
        sansSerifFamily: 'DejaVu Sans Condensed',
      },
    })
      .render()
      .asPng();
  const svg = await draw();
  return [
    { name: 'picture', png: png(svg, PALETTE.paper) },
    { name: 'dark-picture', png: png(darken(svg), DARK.paper) },
  ];
}
