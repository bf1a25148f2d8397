import type { Context } from '../context.js';
import type { Properties } from './difference.js';

/** Identifies a resource in the whole stack: `kind:name`, e.g. `snowflake.view:LOS_INPUT`. */
export type ResourceId = string;

declare const made: unique symbol;

/**
 * One thing that should exist in Snowflake or AWS. The stack (deploy/stack/) is a list of these. Only a kind makes them
 * (`resource` of defineKind, sqlResource, taskGraph), so that a definition that the kind does not know does not compile.
 *
 * `definition` is plain JSON that describes the thing completely: its hash is the fingerprint that is
 * written into the live object (a Snowflake comment, an AWS tag or description), so that a later plan
 * sees whether the object is still the declared one. A string in it may contain references to what only
 * a live object knows, written by `ref('aws.rest-api:los', 'invokeUrl')`: the engine puts the value in
 * before it takes the fingerprint and before it calls the kind.
 */
export interface Resource<Definition = unknown> extends ResourceOptions {
  /** Exists for the compiler alone. */
  readonly [made]: true;
  /** Which ResourceKind looks after it, e.g. `snowflake.procedure`. */
  readonly kind: string;
  /** Unique within the kind and equal to the name the kind's `list` reports, e.g. `PREDICT_LOS(OBJECT)`. */
  readonly name: string;
  readonly definition: Definition;
  readonly dependsOn: readonly ResourceId[];
}

/** Options of a resource. */
export interface ResourceOptions {
  /** Ids of the resources that must be as declared before this one is touched. */
  readonly dependsOn?: readonly ResourceId[];
  /** True for what holds data (tables, database, bucket): destroy keeps it unless data is to be purged. */
  readonly holdsData?: boolean;
  /** True of a table whose rows nothing can compute again. */
  readonly records?: boolean;
  /** Statement for a table whose rows are found again from others: the one that does so, after the apply that made or changed it. */
  readonly again?: string;
  /**
   * True when making again what it depends on undoes it (replacing a view drops the grants on it): it is
   * then brought to the declared state again after that change. `tags`: where that loses tags of columns.
   */
  readonly redo?: boolean | 'tags';
  /**
   * True when an object of this name that was made outside is accepted as it is and never changed or
   * removed (a hospital's own admissions table). Otherwise such an object stops the plan. `unmarked`: not one that
   * carries the mark of another deployment (a database or schema that was prepared).
   */
  readonly adopt?: boolean | 'unmarked';
  /**
   * Names that the object had in earlier releases, of a task graph those of any of its tasks. One of ours that still has such a name
   * is renamed; what others made under it stays.
   */
  readonly formerly?: readonly string[];
}

/** Object that a kind's listing found. */
export interface LiveResource {
  readonly name: string;
  /**
   * Fingerprint that the object carries. `undefined`: ours, but not known to be as declared (an interrupted
   * change, a lost comment): it will be updated.
   */
  readonly fingerprint: string | undefined;
  /**
   * Who made it: `managed` by apply; `model`, made by training or promotion (kept by apply, removed by
   * destroy); `foreign`, made by others: never changed or removed, and in the way if we want the name.
   */
  readonly owner: 'managed' | 'model' | 'foreign';
  /** Set where a foreign one carries the mark of another deployment. */
  readonly otherDeployment?: boolean;
  /** Values that other resources may refer to with `ref()`: an API's id and URL. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** For a foreign object that may be ours with its mark lost: the statement that puts the mark back. */
  readonly restoreMark?: string;
  /** Properties that the listing shows; the plan compares them with what the kind's `definitionProperties` says. */
  readonly properties?: Properties;
  /** Difference from the declared state that no property tells; shown in the plan as drift. */
  readonly drift?: string;
}

/** Operations on one kind of object: list, make, change and remove. */
export interface ResourceKind<Definition = unknown> {
  readonly id: string;
  /** True when objects of this kind hold data: one that is no longer declared is kept. */
  readonly holdsData?: boolean;
  /** Loss that removing an object of this kind causes: the plan says it. */
  removalLoss?(live: LiveResource): string | undefined;
  /**
   * Properties by a definition, under the same names and in the same spelling. Without it only fingerprints are
   * compared.
   */
  definitionProperties?(resource: Resource<Definition>): Properties;
  /** Properties that no ALTER can change: an object that differs in one of them is replaced. */
  readonly unalterable?: readonly string[];
  /**
   * A definition without what it says of objects that were left out (LeftOut): then the object is made all the same. Without
   * this it is left out too.
   */
  without?(definition: Definition, names: readonly string[]): Definition;
  /** True when this update makes the object again and the grants on it are lost. */
  dropsGrants?(resource: Resource<Definition>, differs: boolean): boolean;
  /** True when an update makes the object again, and tags on its columns are lost. */
  readonly dropsTags?: boolean;
  /**
   * Why a live object cannot be brought to what is declared, with what a person chooses between; undefined: it can. Asked of adopted ones
   * too.
   */
  refuse?(resource: Resource<Definition>, live: LiveResource): Error | undefined;
  /** Why declared ones that are not there are not to be made: they were there, and what they held is lost with them. */
  refuseNew?(ctx: Context, gone: readonly Resource<Definition>[]): Promise<Error | undefined>;
  /**
   * Every live object of this kind that could be ours, with as few calls as possible (one, where the service
   * allows it). `wanted` are the declared resources of the kind. An object that is not ours but has a wanted
   * name is reported as `foreign`. A container that does not exist (no database yet) means an empty list.
   */
  list(ctx: Context, wanted: readonly Resource<Definition>[]): Promise<LiveResource[]>;
  /** Makes the object and leaves `fingerprint` on it. Returns outputs, if the kind has any. */
  create(ctx: Context, resource: Resource<Definition>, fingerprint: string): Promise<Outputs | undefined>;
  /** Brings an existing object to the declared state without replacing what must not be replaced. */
  update(
    ctx: Context,
    resource: Resource<Definition>,
    fingerprint: string,
    live: LiveResource,
  ): Promise<Outputs | undefined>;
  /**
   * Makes the object of one that has an earlier name of it, as declared: a table keeps its rows and takes the new name, a stream begins
   * where the old one stands. Without this a new one is made. Where the kind holds no data the plan removes the old one last, when nothing
   * calls it any more.
   */
  move?(
    ctx: Context,
    resource: Resource<Definition>,
    fingerprint: string,
    old: LiveResource,
  ): Promise<Outputs | undefined>;
  /** Why destroy must leave an object, in words; undefined: it may go. */
  whyKept?(ctx: Context, name: string): Promise<string | undefined>;
  /** Removes the object; an object that is already gone is not an error. */
  remove(ctx: Context, live: LiveResource): Promise<void>;
}

/** A kind that makes its own resources. */
export interface DefinedKind<Definition> extends ResourceKind<Definition> {
  /** @param name unique within the kind and equal to the name that its `list` reports */
  resource(name: string, definition: Definition, options?: ResourceOptions): Resource<Definition>;
}

/** A kind, with the way to declare resources of it. */
export function defineKind<Definition>(kind: ResourceKind<Definition>): DefinedKind<Definition> {
  return {
    ...kind,
    resource: (name, definition, options) => resourceOf(kind.id, name, definition, options),
  };
}

/** A resource of the kind with this id; for what defines kinds. */
export function resourceOf<Definition>(
  kind: string,
  name: string,
  definition: Definition,
  options: ResourceOptions = {},
): Resource<Definition> {
  return { kind, name, definition, ...options, dependsOn: options.dependsOn ?? [] } as Resource<Definition>;
}

export type Outputs = Readonly<Record<string, string>>;

/** The id of a resource, for `dependsOn`. */
export function idOf(resource: { kind: string; name: string }): ResourceId {
  return `${resource.kind}:${resource.name}`;
}

/** The kind and the name in an id. */
export function partsOf(id: ResourceId): { readonly kind: string; readonly name: string } {
  const colon = id.indexOf(':');
  return { kind: id.slice(0, colon), name: id.slice(colon + 1) };
}

/** A reference to an output of another resource, for use inside strings of a definition. */
export function ref(id: ResourceId, output: string): string {
  return `\${${id}#${output}}`;
}
