import type { Contract } from '../../procedures/dataset/contract.js';
import { qualify } from '../../procedures/ground/names.js';
import type { Only } from '../../procedures/object.js';
import { messageOf, UserError } from '../errors.js';
import { findNearest } from '../ground/suggest.js';
import { accountName } from '../headers/files.js';
import type { ResourceId } from '../resources/resource.js';
import type { Settings } from '../settings/settings.js';
import { objectValues } from './values.js';

/** Values for texts of objects, for one contract and the settings of one deployment. */
export class Scope {
  private readonly values: Readonly<Record<string, string>>;
  /** Ids by name without arguments; a name of several forms has several. */
  private readonly ids = new Map<string, Set<ResourceId>>();

  constructor(
    readonly contract: Contract,
    readonly settings: Settings,
    private readonly conditions: Readonly<Record<Only, boolean>>,
  ) {
    this.values = objectValues(contract, settings);
  }

  /** True if an object exists by these settings. */
  exists(only: Only | undefined): boolean {
    return only === undefined || this.conditions[only];
  }

  /** A name of a header in the account: unqualified. */
  name(declared: string): string {
    return accountName(this.render(declared).text, this.contract, this.settings);
  }

  /** Lets others refer to it. */
  add(kind: string, name: string): void {
    const bare = name.replace(/\(.*/, '');
    const ids = this.ids.get(bare) ?? new Set();
    this.ids.set(bare, ids.add(`${kind}:${name}`));
  }

  /**
   * Ids of what a name in a header or reference means.
   * @throws Error where no file declares it, or only for other settings
   */
  idsOf(declared: string): readonly ResourceId[] {
    const name = this.name(declared);
    const ids = this.ids.get(name);
    if (!ids) {
      const near = findNearest(name, this.ids.keys());
      throw new Error(
        `there is no object ${name}: no file declares it, or only one that these settings leave out${near ? `. Did you mean ${near}?` : ''}`,
      );
    }
    return [...ids];
  }

  /**
   * Fills in a text; lines of comment are left out of a whole one (`statement`), and lines with {{only:…}} where that does not hold.
   * @param own placeholders of this object alone
   * @returns the text, and the ids of what it refers to
   * @throws Error for a placeholder without a value, and for a reference to what is not there
   * @example
   * const { text, needs } = scope.render('SELECT * FROM {{ref:LOS_ALARMS}}');
   */
  render(text: string, own: Readonly<Record<string, string>> = {}): { text: string; needs: ResourceId[] } {
    const needs: ResourceId[] = [];
    const present = text.replace(/^.*\{\{only:(\w+)\}\}.*\n/gm, (line, only: string) =>
      this.exists(only as Only) ? line.replace(`{{only:${only}}}`, '') : '',
    );
    const filled = present.replace(/\{\{([^{}]+)\}\}/g, (_, key: string) => {
      const reference = /^ref:(.+)$/.exec(key)?.[1];
      if (reference !== undefined) {
        needs.push(...this.idsOf(reference));
        return qualify(this.settings, this.name(reference));
      }
      const value = own[key] ?? this.values[key];
      if (value === undefined)
        throw new Error(
          `{{${key}}} stands for nothing: there are {{name}}, {{comment}}, of a table {{create}}, of a function {{arguments}}, of a task {{start}} and {{compute}}, and what deploy/objects/values.ts has`,
        );
      return value;
    });
    return { text: filled, needs: [...new Set(needs)] };
  }

  /** A statement of a file, without its lines of comment. */
  statement(text: string, own: Readonly<Record<string, string>> = {}): { text: string; needs: ResourceId[] } {
    return this.render(text.replace(/^--.*\n/gm, '').trim(), own);
  }

  get schema(): ResourceId {
    return `snowflake.schema:${this.settings.snowflake.schema}`;
  }
}

/** @throws Error with the file before what is wrong in it */
export function withFile<T>({ file }: { readonly file: string }, make: () => T): T {
  try {
    return make();
  } catch (error) {
    // What a contract asks of an object is no fault of its file.
    if (error instanceof UserError) throw error;
    throw new Error(`${file}: ${messageOf(error)}`, { cause: error });
  }
}
