// IAM: the policies of roles and users, inline and attached.
import { AwsError } from '../errors.js';
import { parsePolicy } from '../identity/policy.js';
import type { Role, User } from '../identity/principals.js';
import type { XmlNode } from '../xml.js';
import type { IamCall } from './service.js';
import { checkName, encodeDocument, findManagedPolicy, noSuchEntity, sizeOf, writePage } from './shared.js';

/**
 * Operations of which a condition may ask for the principal's boundary: Service Authorization Reference, "Actions, resources, and
 * condition keys for AWS Identity and Access Management (IAM)", of November 2026. Tagging is not among them.
 */
const BOUNDED =
  /^((Attach|Detach|Delete|Put)(Role|User)Policy|(Put|Delete)(Role|User)PermissionsBoundary|UpdateAssumeRolePolicy|UpdateRole|(Delete|Get)Role)$/;

/** Finds a principal and throws AccessDenied unless the caller may perform the operation on it. */
export function requirePermission<T extends Role | User>(find: (call: IamCall) => T) {
  return (call: IamCall, conditions?: Record<string, string | string[]>): T => {
    const principal = find(call);
    const { boundary } = principal;
    call.authorize(principal.arn, {
      ...(boundary !== undefined && BOUNDED.test(call.action) && { 'iam:PermissionsBoundary': boundary }),
      ...conditions,
    });
    return principal;
  };
}

/** Only a principal without policies can be deleted. */
export function requireNoPolicies(principal: Role | User): void {
  if (principal.attached.length > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
  if (Object.keys(principal.inline).length > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
}

/** What a principal's description says of its boundary. */
export const boundaryNode = ({ boundary }: Role | User): { [name: string]: XmlNode } =>
  boundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: boundary,
        },
      };

/** An attached policy as lists show it. */
export function attachmentNode(arn: string): { [name: string]: XmlNode } {
  return { PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn };
}

/** Operations on a principal's inline and attached policies, the same for roles and users. */
export function policyOperationsOf<T extends Role | User>(kind: 'Role' | 'User', find: (call: IamCall) => T) {
  const allowed = requirePermission(find);
  const attaching = (call: IamCall) => {
    const arn = call.parameters.need('PolicyArn');
    return { principal: allowed(call, { 'iam:PolicyARN': arn }), arn };
  };
  const putInline = (call: IamCall) => {
    const principal = allowed(call);
    const name = checkName('policyName', call.parameters.need('PolicyName'), 128);
    const document = call.parameters.need('PolicyDocument');
    parsePolicy(document, 'identity');
    checkInlineSize(kind, principal, name, document);
    call.context.accounts.change(principal, () => {
      principal.inline[name] = document;
    });
    return undefined;
  };
  const inlineOf = (call: IamCall) => {
    const principal = allowed(call);
    const name = call.parameters.need('PolicyName');
    const document = principal.inline[name];
    if (document === undefined)
      throw noSuchEntity(`The ${kind.toLowerCase()} policy with name ${name} cannot be found.`);
    return { principal, name, document };
  };
  const bind = (principal: T, boundary: string | undefined, call: IamCall) =>
    call.context.accounts.change(principal, () => {
      delete principal.boundary;
      if (boundary !== undefined) principal.boundary = boundary;
    });
  return {
    // The condition is asked of the boundary that comes, not of the one that is there.
    [`Put${kind}PermissionsBoundary`]: (call: IamCall) => {
      const arn = call.parameters.need('PermissionsBoundary');
      const principal = allowed(call, { 'iam:PermissionsBoundary': arn });
      findManagedPolicy(call, arn);
      bind(principal, arn, call);
      return undefined;
    },
    [`Delete${kind}PermissionsBoundary`]: (call: IamCall) => {
      bind(allowed(call), undefined, call);
      return undefined;
    },
    [`Put${kind}Policy`]: putInline,
    [`Get${kind}Policy`]: (call: IamCall) => {
      const { principal, name, document } = inlineOf(call);
      return { [`${kind}Name`]: principal.name, PolicyName: name, PolicyDocument: encodeDocument(document) };
    },
    [`Delete${kind}Policy`]: (call: IamCall) => {
      const { principal, name } = inlineOf(call);
      call.context.accounts.change(principal, () => {
        delete principal.inline[name];
      });
      return undefined;
    },
    [`List${kind}Policies`]: (call: IamCall) => {
      const principal = allowed(call);
      return writePage(call, Object.keys(principal.inline).sort(), 'PolicyNames', (name) => name);
    },
    [`Attach${kind}Policy`]: (call: IamCall) => {
      const { principal, arn } = attaching(call);
      findManagedPolicy(call, arn);
      if (!principal.attached.includes(arn))
        call.context.accounts.change(principal, () => {
          principal.attached.push(arn);
        });
      return undefined;
    },
    [`Detach${kind}Policy`]: (call: IamCall) => {
      const { principal, arn } = attaching(call);
      if (!principal.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      call.context.accounts.change(principal, () => {
        principal.attached = principal.attached.filter((other) => other !== arn);
      });
      return undefined;
    },
    [`ListAttached${kind}Policies`]: (call: IamCall) => {
      const principal = allowed(call);
      return writePage(call, [...principal.attached].sort(), 'AttachedPolicies', attachmentNode);
    },
  };
}

/** The limit for all inline policies of one role or user together. */
function checkInlineSize(
  kind: 'Role' | 'User',
  principal: Role | User,
  name: string,
  document: string,
): void {
  const limit = kind === 'Role' ? 10_240 : 2_048;
  const others = Object.entries(principal.inline).filter(([other]) => other !== name);
  const size = others.reduce((sum, [, text]) => sum + sizeOf(text), sizeOf(document));
  if (size > limit)
    throw new AwsError(
      'LimitExceeded',
      `Maximum policy size of ${limit} bytes exceeded for ${kind.toLowerCase()} ${principal.name}`,
      409,
    );
}
