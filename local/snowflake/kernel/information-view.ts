import type { Account } from '../account.js';
import type { ObjectOf } from '../catalog/catalog.js';
import type { CatalogObject, ObjectKind } from '../catalog/objects.js';
import type { Session } from '../sessions/session.js';
import { type DataType, NUMBER, type ResultColumn, type Row, TEXT } from '../types/data-type.js';

/** A column of an INFORMATION_SCHEMA view: its name, its type, and its value of one object. */
export interface ViewColumn<T> {
  name: string;
  type: DataType;
  value: (object: T, of: Place) => string | null;
}

/** For whom and of which database a view is read. */
export interface Place {
  account: Account;
  session: Session;
  database: string;
}

export interface InformationView {
  columns: ResultColumn[];
  rows(place: Place): Row[];
}

const TIME: DataType = { kind: 'TIMESTAMP_LTZ', scale: 3 };

/** A text column. */
export function text<T>(name: string, value: ViewColumn<T>['value']): ViewColumn<T> {
  return { name, type: TEXT(), value };
}

/** Columns that the documentation calls "not applicable for Snowflake", or that are empty here. */
export function empty(...names: string[]): ViewColumn<unknown>[] {
  return names.map((name) => text<unknown>(name, () => null));
}

/** A column of whole numbers. */
export function number<T>(name: string, value: (object: T, of: Place) => number | null): ViewColumn<T> {
  return {
    name,
    type: NUMBER(),
    value: (object, of) => {
      const given = value(object, of);
      return given === null ? null : String(given);
    },
  };
}

/** @param value milliseconds since 1970 */
export function time<T>(name: string, value: (object: T, place: Place) => number | null): ViewColumn<T> {
  return {
    name,
    type: TIME,
    value: (object, place) => {
      const ms = value(object, place);
      return ms === null ? null : `${(ms / 1000).toFixed(3)}000000`;
    },
  };
}

export const comment = text<{ comment: string }>('COMMENT', (object) => object.comment || null);
export const created = time<{ createdOn: number }>('CREATED', (object) => object.createdOn);
export const altered = time<{ createdOn: number }>('LAST_ALTERED', (object) => object.createdOn);

/** `YES` and `NO`, which the views use for booleans. */
export const yes = (value: boolean): string => (value ? 'YES' : 'NO');

/** A view of the objects that `list` gives. */
export function viewOf<T>(
  list: (place: Place) => T[],
  columns: ViewColumn<T>[],
): InformationView & { rowsOf(objects: T[], place: Place): Row[] } {
  const rowsOf = (objects: T[], place: Place) =>
    objects.map((object) => columns.map((column) => column.value(object, place)));
  return {
    columns: columns.map(({ name, type }) => ({ name, type, nullable: true })),
    rowsOf,
    rows: (place) => rowsOf(list(place), place),
  };
}

/** The objects of a kind in the database that the session's roles may see. */
export function visible<K extends ObjectKind>(kind: K) {
  return ({ account, session, database }: Place): ObjectOf<K>[] => {
    const roles = account.access.activeRoles(session);
    return account.catalog
      .list(kind, { database })
      .filter((object) => account.access.visible(session, object as CatalogObject, roles));
  };
}
