import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { syntaxError } from '../../errors.js';
import type { StageFile, StageFiles } from './files.js';

/** An internal stage: a folder. The driver copies files into it (PUT) and out of it (GET) itself. */
export class LocalFiles implements StageFiles {
  /** @param shownPrefix what LIST puts before a file's path: `stage_name/` */
  constructor(
    readonly folder: string,
    private readonly shownPrefix: string,
  ) {}

  async list(prefix: string): Promise<StageFile[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true }).catch((error) => {
      if (error.code === 'ENOENT') return []; // nothing was ever put there
      throw error;
    });
    const files: StageFile[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(this.folder, path).split(sep).join('/');
      if (!name.startsWith(prefix)) continue;
      const { size, mtimeMs } = await stat(path);
      files.push({
        name,
        shown: this.shownPrefix + name,
        place: `${basename(dirname(this.folder))}/${basename(this.folder)}/${name}`,
        size,
        md5: await md5(path),
        modified: Math.floor(mtimeMs),
      });
    }
    return files.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async open(file: StageFile) {
    return { path: this.pathOf(file.name), dispose: async () => {} };
  }

  async store(name: string, localPath: string): Promise<number> {
    const path = this.pathOf(name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(localPath, path).catch(async (error) => {
      if (error.code !== 'EXDEV') throw error;
      await copyFile(localPath, path);
    });
    return (await stat(path)).size;
  }

  async remove(file: StageFile): Promise<void> {
    await rm(this.pathOf(file.name), { force: true });
  }

  /** A path inside the stage's folder. @throws SnowflakeError for one that leads out of it */
  pathOf(name: string): string {
    const path = resolve(this.folder, name);
    if (path !== this.folder && !path.startsWith(this.folder + sep))
      throw syntaxError(`the path '${name}' leads out of the stage.`);
    return path;
  }
}

/** Hashes of files that have not changed since; by path, size and time. */
const hashes = new Map<string, { size: number; mtimeMs: number; md5: string }>();

async function md5(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const known = hashes.get(path);
  if (known && known.size === size && known.mtimeMs === mtimeMs) return known.md5;
  const hash = createHash('md5');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  const digest = hash.digest('hex');
  if (hashes.size > 1000) hashes.clear();
  hashes.set(path, { size, mtimeMs, md5: digest });
  return digest;
}
