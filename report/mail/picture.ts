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

/**
 * A picture as PNG, in the one font that comes with us, whatever the machine has.
 * @param draw gives it as SVG
 * @returns undefined where pictures cannot be made: then a mail goes without
 */
export async function png(draw: () => Promise<string>): Promise<Buffer | undefined> {
  const made = await load();
  if (!made) return undefined;
  const { Resvg } = made;
  const image = new Resvg(await draw(), {
    fitTo: { mode: 'width', value: WIDTH },
    background: '#ffffff',
    font: {
      loadSystemFonts: false,
      fontFiles: [FONT],
      defaultFontFamily: 'DejaVu Sans Condensed',
      sansSerifFamily: 'DejaVu Sans Condensed',
    },
  });
  return image.render().asPng();
}
