import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import { png } from '../../../report/mail/picture.js';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="340" height="60"><text x="4" y="40" font-family="sans-serif">Ärzte 11.8</text></svg>';

describe('pictures of mails', () => {
  it('are PNG, three times as wide as a phone shows them, in a font that comes with us', async () => {
    const image = (await png(async () => SVG))!;
    expect(image.subarray(1, 4).toString()).to.equal('PNG');
    expect([image.readUInt32BE(16), image.readUInt32BE(20)]).to.deep.equal([1080, 191]);
    const empty = (await png(async () => SVG.replace('Ärzte 11.8', '')))!;
    // Without a font nothing would be written.
    expect(image.length).to.be.above(empty.length + 500);
  });

  it('are left out where the module is not installed', async () => {
    const hook = `export async function resolve(name, context, next) {
      if (name === '@resvg/resvg-js') throw Object.assign(new Error('no such package'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }`;
    const data = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(data(hook))});`;
    const file = pathToFileURL(join(projectRoot, 'dist/report/mail/picture.js')).href;
    const script = `const { png } = await import(${JSON.stringify(file)});
      console.log(await png(() => { throw new Error('drawn in vain'); }));`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--import',
      data(register),
      '--input-type=module',
      '-e',
      script,
    ]);
    expect(stdout).to.equal('undefined\n');
    expect(stderr).to.equal('');
  });
});
