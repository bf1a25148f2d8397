import { SnowflakeError, syntaxError } from '../../errors.js';
import type { StageFile } from './files.js';
import type { Location } from './location.js';

/**
 * The files that FILES = (…) and PATTERN = '…' pick from a location.
 * @throws SnowflakeError 091016 for a named file that is not there
 */
export async function chooseFiles(
  location: Location,
  names: string[] | undefined,
  pattern: string | undefined,
): Promise<StageFile[]> {
  const all = await location.files.list(location.path);
  let chosen = all;
  if (names) {
    const folder = location.path === '' || location.path.endsWith('/') ? location.path : `${location.path}/`;
    chosen = names.map((name) => {
      const found = all.find((file) => file.name === folder + name || file.name === location.path + name);
      if (!found)
        throw new SnowflakeError(
          '091016',
          '22000',
          `Remote file '${location.shown}/${name}' was not found. There are several potential causes. The file might not exist. The required credentials may be missing or invalid.`,
        );
      return found;
    });
  }
  if (pattern === undefined) return chosen;
  let regex: RegExp;
  try {
    regex = new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    throw syntaxError(`invalid regular expression in PATTERN: '${pattern}'.`);
  }
  // The pattern must match the whole path, which begins with an internal stage's name (hence `.*` before a file's
  // name); a bucket's URL may be left out.
  const external = (file: StageFile) => file.shown.includes('://');
  return chosen.filter((file) => regex.test(file.shown) || (external(file) && regex.test(file.name)));
}
