import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { printable } from '../../procedures/notifying/printable.js';
import { messageOf, UserError } from '../errors.js';

/**
 * Writes what a command was asked to write, whole or not at all: as text that may leave, with the rights that the user's umask leaves it.
 * @param option by which the file is named
 * @throws UserError where it cannot be written: a folder that is not there or may not be written to, a disk that is full
 */
export function writeOut(file: string, content: string, option = '--out'): void {
  const text = printable(content);
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    // No other file can take the place of a device such as /dev/stdout.
    if (stats && !stats.isFile()) writeFileSync(file, text);
    else replaceFile(stats ? realpathSync(file) : file, text, stats?.mode);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const why = isFull ? 'the disk is full' : messageOf(error).replace(/\.\d+\.part\b/, '');
    throw new UserError(`${file} cannot be written: ${why}.`, {
      next: isFull
        ? `Make room, or name a file on another disk with ${option}. An existing file stays unchanged.`
        : `Name another file with ${option}, in an existing folder.`,
      cause: error,
    });
  }
}

/** Under another name first, so that a full disk leaves no empty file, nor half of one in the place of a whole one. */
function replaceFile(file: string, text: string, mode?: number): void {
  const part = `${file}.${process.pid}.part`;
  try {
    const descriptor = openSync(part, 'w', mode);
    try {
      writeFileSync(descriptor, text);
      // A disk may say that it is full only when the file is brought to it.
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
