/** The built-in XGBoost image: which registry holds it in each region, and which versions exist. */
import { AwsError } from '../../errors.js';
import type { AwsContext, Identity } from '../../service.js';

/**
 * The account whose registry holds `sagemaker-xgboost`, by region.
 * Source: image URIs of the SageMaker Python SDK, November 2026.
 */
const REGISTRIES: Record<string, string> = {
  'af-south-1': '510948584623',
  'ap-east-1': '651117190479',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-northeast-3': '867004704886',
  'ap-south-1': '720646828776',
  'ap-south-2': '628508329040',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-southeast-3': '951798379941',
  'ap-southeast-4': '106583098589',
  'ca-central-1': '341280168497',
  'ca-west-1': '190319476487',
  'eu-central-1': '492215442770',
  'eu-central-2': '680994064768',
  'eu-north-1': '662702820516',
  'eu-south-1': '978288397137',
  'eu-south-2': '104374241257',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'il-central-1': '898809789911',
  'me-central-1': '272398656194',
  'me-south-1': '801668240914',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
};

const REPOSITORY = 'sagemaker-xgboost';
const TAGS = ['1.0-1', '1.2-1', '1.2-2', '1.3-1', '1.5-1', '1.7-1', '3.0-5', '3.2-0'];
const URI = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([a-z0-9/._-]+)(?::([\w.-]+))?$/;

/**
 * Checks that an image is the built-in XGBoost of this region, the only algorithm the local SageMaker runs.
 *
 * @returns the image's version, such as 3.2-0
 * @throws AwsError ValidationException
 */
export function xgboostVersion(image: string, region: string): string {
  const parts = URI.exec(image);
  const expected = `${REGISTRIES[region] ?? 'ACCOUNT'}.dkr.ecr.${region}.amazonaws.com/${REPOSITORY}:TAG`;
  const refuse = (why: string) => {
    throw new AwsError(
      'ValidationException',
      `${why} The built-in XGBoost image of this region is ${expected}.`,
    );
  };
  if (!parts) return refuse(`The image ${image} is not an ECR image URI.`);
  const [, account, imageRegion, repository, tag] = parts;
  if (repository !== REPOSITORY)
    return refuse(
      `The local SageMaker does not support the image ${image}, because it runs the built-in XGBoost only.`,
    );
  if (imageRegion !== region)
    return refuse(
      `The image ${image} is in ${imageRegion}, but SageMaker pulls built-in images from ${region}.`,
    );
  if (account !== REGISTRIES[region])
    return refuse(`The registry ${account} does not hold ${REPOSITORY} in ${region}.`);
  // A suffix such as -cpu-py3 names the same image.
  const version = (tag ?? '').replace(/-cpu-py3$/, '');
  if (!TAGS.includes(version))
    return refuse(`The repository ${REPOSITORY} has no tag ${tag ?? 'latest'} (known: ${TAGS.join(', ')}).`);
  return version;
}

const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * Checks that a role may pull an image, as SageMaker does with the role of a job or a model. AWS lets every account
 * pull its built-in images, but the role's own policies must allow it as well.
 *
 * @throws Error naming the missing permission
 */
export function pullImage(context: AwsContext, role: Identity, image: string): void {
  const [, account, region, repository] = URI.exec(image)!;
  const resource = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  // The repository's own policy lets everyone in, so that only the role's policies count.
  const options = { resourceAccount: role.accountId };
  try {
    context.authorize(role, 'ecr:GetAuthorizationToken', '*');
    for (const action of PULL_ACTIONS) context.authorize(role, action, resource, options);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new Error(`Cannot pull the image ${image} as ${role.principalArn}: ${error.message}`);
  }
}
