import type { CatalogObject, Grant, InSchema } from '../catalog/objects.js';
import {
  type InformationView,
  type Place,
  text,
  time,
  type ViewColumn,
  viewOf,
  yes,
} from '../kernel/information-view.js';

interface GrantOn {
  grant: Grant;
  object: Extract<CatalogObject, InSchema>;
}

/** The grants on objects in the database's schemas that the session's roles may see. */
function grantsOn(kinds?: CatalogObject['kind'][]) {
  return ({ account, session, database }: Place): GrantOn[] => {
    const roles = account.access.activeRoles(session);
    return account.catalog.grants().flatMap((grant) => {
      const object = grant.kind === 'GRANT' ? account.catalog.get(grant.on.id) : undefined;
      const listed = object && 'schema' in object && object.database === database;
      if (!listed || (kinds && !kinds.includes(object.kind))) return [];
      return account.access.visible(session, object, roles) ? [{ grant: grant as Grant, object }] : [];
    });
  };
}

const objectColumns = (prefix: string): ViewColumn<GrantOn>[] => [
  text('GRANTOR', ({ grant }) => grant.by || null),
  text('GRANTEE', ({ grant }) => grant.to.name),
  text('GRANTED_TO', ({ grant }) => grant.to.kind),
  text(`${prefix}_CATALOG`, ({ object }) => object.database),
  text(`${prefix}_SCHEMA`, ({ object }) => object.schema),
  text(`${prefix}_NAME`, ({ object }) => object.name),
];
const grantable: ViewColumn<GrantOn>[] = [
  text('PRIVILEGE_TYPE', ({ grant }) => grant.privilege),
  text('IS_GRANTABLE', ({ grant }) => yes(grant.grantOption)),
];
const granted = time<GrantOn>('CREATED', ({ grant }) => grant.createdOn);

/** Roles and privileges; docs: sql-reference/info-schema. */
export const grantViews: Record<string, InformationView> = {
  APPLICABLE_ROLES: viewOf(
    ({ account }) =>
      account.catalog
        .grants()
        .filter((grant): grant is Grant => grant.kind === 'GRANT' && grant.on.kind === 'ROLE'),
    [
      text<Grant>('GRANTEE', (grant) => grant.to.name),
      text<Grant>('ROLE_NAME', (grant, { account }) => account.catalog.get(grant.on.id)?.name ?? null),
      text<Grant>('ROLE_OWNER', (grant, { account }) => account.catalog.get(grant.on.id)?.owner ?? null),
      text<Grant>('IS_GRANTABLE', (grant) => yes(grant.grantOption)),
    ],
  ),
  ENABLED_ROLES: viewOf(
    ({ account, session }) => [...account.access.activeRoles(session)],
    [
      text<string>('ROLE_NAME', (role) => role),
      text<string>(
        'ROLE_OWNER',
        (role, { account }) => account.catalog.list('ROLE').find((each) => each.name === role)?.owner ?? null,
      ),
    ],
  ),
  OBJECT_PRIVILEGES: viewOf(grantsOn(), [
    ...objectColumns('OBJECT'),
    text('OBJECT_TYPE', ({ object }) => object.kind),
    ...grantable,
    granted,
  ]),
  TABLE_PRIVILEGES: viewOf(grantsOn(['TABLE', 'VIEW']), [
    ...objectColumns('TABLE'),
    ...grantable,
    text('WITH_HIERARCHY', () => null),
    granted,
  ]),
  USAGE_PRIVILEGES: viewOf(grantsOn(['SEQUENCE', 'FILE FORMAT', 'STAGE', 'FUNCTION', 'PROCEDURE']), [
    ...objectColumns('OBJECT'),
    text('OBJECT_TYPE', ({ object }) => object.kind),
    ...grantable,
    granted,
  ]),
};
