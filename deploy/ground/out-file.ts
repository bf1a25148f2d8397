import { writeFileSync } from 'node:fs';
import { messageOf, UserError } from '../errors.js';

/**
 * Writes what a command was asked to write.
 * @param option by which the file is named
 * @throws UserError where it cannot be written: a folder that is not there, or may not be written to
 */
export function writeOut(file: string, text: string, option = '--out'): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${messageOf(error)}.`, {
      next: `Name another file with ${option}, in a folder that is there.`,
    });
  }
}
