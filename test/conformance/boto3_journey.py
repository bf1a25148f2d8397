"""From an empty account to predictions through API Gateway and back, with boto3.

Standard input: {endpoint, region, accessKeyId, secretAccessKey}. Each step prints {"step", "saw"}: what boto3 saw.
The last line holds the complaints of botocore_shapes.
"""
import io
import json
import random
import sys
import tarfile
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

import botocore_shapes

given = json.load(sys.stdin)
BUCKET = "journey-bucket"
IMAGE = f"683313688378.dkr.ecr.{given['region']}.amazonaws.com/sagemaker-xgboost:3.0-5"
complaints = []
session = boto3.Session(
    aws_access_key_id=given["accessKeyId"],
    aws_secret_access_key=given["secretAccessKey"],
    region_name=given["region"],
)
botocore_shapes.watch(session, complaints)


def client(service, **config):
    return session.client(
        service,
        endpoint_url=given["endpoint"],
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


sts, iam, sagemaker = client("sts"), client("iam"), client("sagemaker")
runtime, apigateway = client("sagemaker-runtime"), client("apigateway")
s3 = client("s3", signature_version="s3v4", s3={"addressing_style": "path"})
QUICK = {"Delay": 1, "MaxAttempts": 60}


def saw(step, **values):
    print(json.dumps({"step": step, "saw": values}, default=str), flush=True)


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def trust(principal):
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def code(call, **arguments):
    """The code with which a call is refused, or None."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def identity():
    caller = sts.get_caller_identity()
    saw("identity", account=caller["Account"], arn=caller["Arn"])
    return caller["Account"]


def rows(count, seed):
    random.seed(seed)
    for _ in range(count):
        a, b, c = (random.random() for _ in range(3))
        yield f"{3 * a + b / 2:.4f},{a:.5f},{b:.5f},{int(9 * c)}\n"


def bucket():
    s3.create_bucket(Bucket=BUCKET)
    s3.get_waiter("bucket_exists").wait(Bucket=BUCKET, WaiterConfig=QUICK)
    s3.put_public_access_block(
        Bucket=BUCKET,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    encryption = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    for name, seed in (("train", 1), ("validation", 2)):
        s3.put_object(Bucket=BUCKET, Key=f"{name}/rows.csv", Body="".join(rows(400, seed)), ContentType="text/csv")
    big = random.Random(5).randbytes(12 * 2**20 + 7)
    s3.upload_fileobj(
        io.BytesIO(big), BUCKET, "big file/ä+b.bin", Config=TransferConfig(multipart_threshold=5 * 2**20)
    )
    back = io.BytesIO()
    s3.download_fileobj(BUCKET, "big file/ä+b.bin", back)
    head = s3.head_object(Bucket=BUCKET, Key="big file/ä+b.bin")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
    url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "train/rows.csv"})
    with urllib.request.urlopen(url) as answer:
        presigned = answer.read().decode().count("\n")
    saw(
        "bucket",
        same=back.getvalue() == big,
        parts=head["ETag"].strip('"').split("-")[1],
        length=head["ContentLength"],
        keys=[item["Key"] for page in pages for item in page["Contents"]],
        encryption=encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        presigned=presigned,
        again=code(s3.get_object, Bucket=BUCKET, Key="nothing"),
    )


def roles(account):
    made = {}
    for name, service, statements in (
        (
            "journey-training",
            {"Service": "sagemaker.amazonaws.com"},
            [
                allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{BUCKET}/*"),
                allow("s3:ListBucket", f"arn:aws:s3:::{BUCKET}"),
                allow("ecr:*", "*"),
            ],
        ),
        ("journey-gateway", {"Service": "apigateway.amazonaws.com"}, [allow("sagemaker:InvokeEndpoint", "*")]),
        ("journey-caller", {"AWS": f"arn:aws:iam::{account}:root"}, []),
    ):
        role = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=trust(service), Tags=[{"Key": "journey", "Value": "yes"}]
        )["Role"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))
        made[name] = role["Arn"]
    iam.get_waiter("role_exists").wait(RoleName="journey-training", WaiterConfig=QUICK)
    read = iam.get_role(RoleName="journey-training")["Role"]
    inline = iam.get_role_policy(RoleName="journey-training", PolicyName="own")["PolicyDocument"]
    listed = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    saw(
        "roles",
        service=read["AssumeRolePolicyDocument"]["Statement"][0]["Principal"],
        statements=len(inline["Statement"]),
        listed=listed,
        tags=read["Tags"],
        missing=code(iam.get_role, RoleName="nobody"),
        malformed=code(iam.put_role_policy, RoleName="journey-caller", PolicyName="own", PolicyDocument="{}"),
    )
    return made


def channel(name):
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/{name}/", "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}


def training(role):
    request = {
        "TrainingJobName": "journey",
        "RoleArn": role,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {"num_round": "20", "objective": "reg:squarederror", "max_depth": "3"},
        "InputDataConfig": [channel("train"), channel("validation")],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        "Tags": [{"Key": "journey", "Value": "yes"}],
    }
    arn = sagemaker.create_training_job(**request)["TrainingJobArn"]
    first = sagemaker.describe_training_job(TrainingJobName="journey")
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="journey", WaiterConfig=QUICK)
    job = sagemaker.describe_training_job(TrainingJobName="journey")
    artifact = job["ModelArtifacts"]["S3ModelArtifacts"]
    archive = s3.get_object(Bucket=BUCKET, Key=artifact.split(f"{BUCKET}/")[1])["Body"].read()
    listed = [
        item["TrainingJobName"]
        for page in sagemaker.get_paginator("list_training_jobs").paginate()
        for item in page["TrainingJobSummaries"]
    ]
    saw(
        "training",
        arn=arn,
        first=first["TrainingJobStatus"],
        last=job["TrainingJobStatus"],
        steps=[entry["Status"] for entry in job["SecondaryStatusTransitions"]],
        metrics={item["MetricName"]: item["Value"] for item in job["FinalMetricDataList"]},
        archive=tarfile.open(fileobj=io.BytesIO(archive)).getnames(),
        seconds=(job["TrainingEndTime"] - job["TrainingStartTime"]).total_seconds(),
        listed=listed,
        again=code(sagemaker.create_training_job, **request),
        tags=sagemaker.list_tags(ResourceArn=arn)["Tags"],
    )
    return artifact


def endpoint(role, artifact):
    sagemaker.create_model(
        ModelName="journey", ExecutionRoleArn=role, PrimaryContainer={"Image": IMAGE, "ModelDataUrl": artifact}
    )
    variant = {"VariantName": "AllTraffic", "ModelName": "journey"}
    serverless = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    instance = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    for name, size in (("journey", serverless), ("journey-instance", instance)):
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[{**variant, **size}])
    sagemaker.create_endpoint(EndpointName="journey", EndpointConfigName="journey")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="journey", WaiterConfig=QUICK)
    sagemaker.update_endpoint(EndpointName="journey", EndpointConfigName="journey-instance")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="journey", WaiterConfig=QUICK)
    described = sagemaker.describe_endpoint(EndpointName="journey")
    sagemaker.describe_endpoint_config(EndpointConfigName="journey")
    sagemaker.describe_model(ModelName="journey")
    answer = runtime.invoke_endpoint(
        EndpointName="journey", ContentType="text/csv", Accept="application/json", Body="0.5,0.2,3\n0.9,0.1,8"
    )
    try:
        runtime.invoke_endpoint(EndpointName="journey", ContentType="text/csv", Body="a,b,c")
        original = None
    except runtime.exceptions.ModelError as error:
        original = error.response["OriginalStatusCode"]
    saw(
        "endpoint",
        config=described["EndpointConfigName"],
        variant=answer["InvokedProductionVariant"],
        type=answer["ContentType"],
        predictions=json.load(answer["Body"])["predictions"],
        original=original,
        missing=code(runtime.invoke_endpoint, EndpointName="nothing", Body="1"),
    )


def rest_api(account, gateway, caller):
    host_policy = policy(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:sts::{account}:assumed-role/journey-caller/boto"},
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
        }
    )
    api = apigateway.create_rest_api(
        name="journey",
        endpointConfiguration={"types": ["REGIONAL"]},
        policy=host_policy,
        tags={"journey": "yes"},
        minimumCompressionSize=1024,
    )
    parent = api["rootResourceId"]
    for part in ("endpoints", "{endpoint}", "invocations"):
        parent = apigateway.create_resource(restApiId=api["id"], parentId=parent, pathPart=part)["id"]
    at = {"restApiId": api["id"], "resourceId": parent, "httpMethod": "POST"}
    apigateway.put_method(
        **at, authorizationType="AWS_IAM", requestParameters={"method.request.path.endpoint": True}
    )
    apigateway.put_integration(
        **at,
        type="AWS",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{given['region']}:runtime.sagemaker:path/endpoints/{{endpoint}}/invocations",
        credentials=gateway,
        requestParameters={
            "integration.request.path.endpoint": "method.request.path.endpoint",
            "integration.request.header.Content-Type": "'text/csv'",
            "integration.request.header.Accept": "'application/json'",
        },
    )
    for status, pattern in (("200", "2\\d{2}"), ("400", "4\\d{2}"), ("500", "")):
        apigateway.put_method_response(**at, statusCode=status)
        apigateway.put_integration_response(**at, statusCode=status, selectionPattern=pattern)
    tested = apigateway.test_invoke_method(**at, pathWithQueryString="/endpoints/journey/invocations", body="0.5,0.2,3")
    before = invoke(api["id"], caller, "journey", "0.5,0.2,3")
    apigateway.create_deployment(restApiId=api["id"], stageName="prod")
    stage = apigateway.get_stage(restApiId=api["id"], stageName="prod")
    resources = [
        item["path"]
        for page in apigateway.get_paginator("get_resources").paginate(restApiId=api["id"])
        for item in page["items"]
    ]
    listed = [
        item["name"] for page in apigateway.get_paginator("get_rest_apis").paginate() for item in page["items"]
    ]
    read = apigateway.get_rest_api(restApiId=api["id"])
    arn = f"arn:aws:apigateway:{given['region']}::/restapis/{api['id']}"
    apigateway.tag_resource(resourceArn=arn, tags={"more": "tags"})
    saw(
        "rest-api",
        resources=sorted(resources),
        listed=listed,
        created=str(read["createdDate"].date()),
        tags=apigateway.get_tags(resourceArn=arn)["tags"],
        stage=stage["stageName"],
        tested=tested["status"],
        before=before[0],
        after=invoke(api["id"], caller, "journey", "0.5,0.2,3"),
        bad=invoke(api["id"], caller, "journey", "a,b,c")[0],
        unsigned=invoke(api["id"], None, "journey", "0.5,0.2,3")[0],
    )
    return api["id"]


def invoke(api, role, name, body):
    """Through API Gateway, signed with botocore's own signer: status and body."""
    host = f"{api}.execute-api.{given['region']}.amazonaws.com"
    path = f"/prod/endpoints/{name}/invocations"
    request = AWSRequest("POST", f"https://{host}{path}", data=body.encode(), headers={"Host": host})
    if role:
        keys = sts.assume_role(RoleArn=role, RoleSessionName="boto")["Credentials"]
        credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        SigV4Auth(credentials, "execute-api", given["region"]).add_auth(request)
    try:
        with urllib.request.urlopen(
            urllib.request.Request(given["endpoint"] + path, body.encode(), dict(request.headers.items()))
        ) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def removal(api):
    apigateway.delete_rest_api(restApiId=api)
    sagemaker.delete_endpoint(EndpointName="journey")
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName="journey", WaiterConfig=QUICK)
    for name in ("journey", "journey-instance"):
        sagemaker.delete_endpoint_config(EndpointConfigName=name)
    sagemaker.delete_model(ModelName="journey")
    not_empty = code(s3.delete_bucket, Bucket=BUCKET)
    keys = [{"Key": item["Key"]} for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": keys, "Quiet": True})
    s3.delete_bucket(Bucket=BUCKET)
    s3.get_waiter("bucket_not_exists").wait(Bucket=BUCKET, WaiterConfig=QUICK)
    conflict = code(iam.delete_role, RoleName="journey-training")
    for name in ("journey-training", "journey-gateway", "journey-caller"):
        for inline in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=inline)
        iam.delete_role(RoleName=name)
    saw(
        "removal",
        notEmpty=not_empty,
        conflict=conflict,
        apis=apigateway.get_rest_apis()["items"],
        endpoints=sagemaker.list_endpoints()["Endpoints"],
        models=sagemaker.list_models()["Models"],
        buckets=s3.list_buckets()["Buckets"],
        roles=iam.list_roles()["Roles"],
    )


account = identity()
bucket()
arns = roles(account)
artifact = training(arns["journey-training"])
endpoint(arns["journey-training"], artifact)
api = rest_api(account, arns["journey-gateway"], arns["journey-caller"])
removal(api)
saw("complaints", complaints=sorted(set(complaints)))
