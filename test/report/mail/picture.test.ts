import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import { DARK, PALETTE } from '../../../report/charts/palette.js';
import { images } from '../../../report/mail/picture.js';
import { template } from '../../../report/templates.js';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="340" height="60"><text x="4" y="40" font-family="sans-serif">Ärzte 11.8</text></svg>';

const pngs = async (svg: string) => (await images(async () => svg)).map(({ png }) => png) as [Buffer, Buffer];

/** The colour of the first dot, which no filter of PNG changes. */
function corner(png: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  return `#${inflateSync(Buffer.concat(parts)).toString('hex', 1, 4)}`;
}

describe('pictures of mails', () => {
  it('are PNG, three times as wide as a phone shows them, in a font that comes with us', async () => {
    const [image] = await pngs(SVG);
    expect(image.subarray(1, 4).toString()).to.equal('PNG');
    expect([image.readUInt32BE(16), image.readUInt32BE(20)]).to.deep.equal([1080, 191]);
    const [empty] = await pngs(SVG.replace('Ärzte 11.8', ''));
    // Without a font nothing would be written.
    expect(image.length).to.be.above(empty.length + 500);
  });

  it('are on the paper of a light mail, and on that of a dark one', async () => {
    const drawn = await images(async () =>
      SVG.replace('<text', `<rect width="9" height="9" fill="${PALETTE.ink}"/><text`),
    );
    expect(drawn.map(({ name, png }) => [name, corner(png)])).to.deep.equal([
      ['picture', PALETTE.ink],
      ['dark-picture', DARK.ink],
    ]);
    expect((await pngs(SVG)).map(corner)).to.deep.equal([PALETTE.paper, DARK.paper]);
    const layout = template('mail/layout.hbs');
    expect(layout).to.contain(`.paper,pre{background:${DARK.paper}!important}`);
  });

  it('are left out where the module is not installed', async () => {
    const hook = `export async function resolve(name, context, next) {
      if (name === '@resvg/resvg-js') throw Object.assign(new Error('no such package'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }`;
    const data = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(data(hook))});`;
    const file = pathToFileURL(join(projectRoot, 'dist/report/mail/picture.js')).href;
    const script = `const { images } = await import(${JSON.stringify(file)});
      console.log(await images(() => { throw new Error('drawn in vain'); }));`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--import',
      data(register),
      '--input-type=module',
      '-e',
      script,
    ]);
    expect(stdout).to.equal('[]\n');
    expect(stderr).to.equal('');
  });
});
