#!/usr/bin/env python3
"""Drives an SSM endpoint with boto3, the client that most people use, and says what held.

The reference endpoint is written against our own client and our own reading of the protocol; this asks a client that
knows neither. One line a check; exit status 0 if all of them held, 1 if one did not, 2 if the endpoint cannot be used.

    drive_boto3.py --endpoint-url http://127.0.0.1:4566
    drive_boto3.py --endpoint-url https://127.0.0.1:4567 --ca-bundle ca.pem --signatures

Credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or boto3's other sources), else made-up ones, which only an
endpoint that does not check signatures accepts. Documents and parameters are created under names of this run and deleted at the end.
"""

import argparse
import collections
import contextlib
import json
import re
import sys
import uuid

import boto3
import botocore.config
import botocore.exceptions

CONTENT = json.dumps({"schemaVersion": "2.2", "description": "made by drive_boto3", "mainSteps": []})


def account(number):
    return f"2000{number:08d}"


Credentials = collections.namedtuple("Credentials", "access_key secret_key token", defaults=[None])


class Drive:
    """The checks that ran, and the documents to delete."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.failed = 0
        self.held = 0
        self.skipped = 0
        self.prefix = "drive-" + uuid.uuid4().hex[:12] + "-"
        self.documents = []
        self.parameters = []
        self.client = self.new_client()

    def new_client(self, **credentials):
        if not credentials:
            found = boto3.session.Session().get_credentials()
            self.credentials = found.get_frozen_credentials() if found else Credentials("AKIDMADEUP", "made up")
            credentials = {
                "aws_access_key_id": self.credentials.access_key,
                "aws_secret_access_key": self.credentials.secret_key,
                "aws_session_token": self.credentials.token,
            }
        return boto3.session.Session(region_name=self.arguments.region).client(
            "ssm",
            endpoint_url=self.arguments.endpoint_url,
            verify=self.arguments.ca_bundle,
            config=botocore.config.Config(
                retries={"total_max_attempts": 1},
                connect_timeout=5,
                read_timeout=20,
                # What the endpoint refuses must not be refused before it is sent.
                parameter_validation=False,
                proxies={},
            ),
            **credentials,
        )

    # -- checks

    def check(self, what, holds, seen=""):
        if holds:
            self.held += 1
            print(f"held    {what}")
        else:
            self.failed += 1
            print(f"BROKEN  {what}" + (f": {seen}" if seen != "" else ""))

    def skip(self, what, why):
        self.skipped += 1
        print(f"skipped {what}: {why}")

    def refused(self, what, code, call, client=None, status=400, **parameters):
        """Checks that a call fails with this code, and where boto3 has a class for it, as that class."""
        client = client or self.client
        try:
            answer = getattr(client, call)(**parameters)
        except botocore.exceptions.ClientError as error:
            found = error.response["Error"]["Code"]
            found_status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            typed = getattr(client.exceptions, code, None) if code in self.modelled else None
            right_class = typed is None or isinstance(error, typed)
            self.check(
                f"{what}: {code}",
                found == code and found_status == status and right_class,
                f"{found_status} {found} as {type(error).__name__}",
            )
        except botocore.exceptions.BotoCoreError as error:
            self.check(f"{what}: {code}", False, repr(error))
        else:
            answer.pop("ResponseMetadata", None)
            self.check(f"{what}: {code}", False, f"success: {answer}")

    @property
    def modelled(self):
        return {shape.name for shape in self.client.meta.service_model.error_shapes}

    # -- documents

    def create(self, suffix, **more):
        name = self.prefix + suffix
        self.documents.append(name)
        return self.client.create_document(Name=name, Content=CONTENT, DocumentType="Command", **more)

    def share(self, name, add=(), remove=(), **more):
        """Adds and removes in as many calls as the limit of twenty ids a call takes."""
        for member, ids in (("AccountIdsToAdd", list(add)), ("AccountIdsToRemove", list(remove))):
            for first in range(0, len(ids), 20):
                batch = {member: ids[first : first + 20]}
                self.client.modify_document_permission(Name=name, PermissionType="Share", **batch, **more)

    def describe(self, name, **more):
        return self.client.describe_document_permission(Name=name, PermissionType="Share", **more)

    def pages(self, name, **more):
        """Every page, following NextToken by hand: botocore has no paginator for this operation."""
        pages = [self.describe(name, **more)]
        while "NextToken" in pages[-1] and len(pages) < 200:
            pages.append(self.describe(name, NextToken=pages[-1]["NextToken"], **more))
        return pages

    def clean_up(self):
        for first in range(0, len(self.parameters), 10):
            with contextlib.suppress(botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError):
                self.client.delete_parameters(Names=self.parameters[first : first + 10])
        for name in self.documents:
            with contextlib.suppress(botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError):
                ids = [i for page in self.pages(name) for i in page["AccountIds"]]
                self.share(name, remove=ids)
                self.client.delete_document(Name=name)


def metadata(drive):
    answer = drive.client.get_connection_status(Target="i-0123456789abcdef0")
    about = answer["ResponseMetadata"]
    drive.check("a response has a request id", bool(re.fullmatch(r"[0-9a-f-]{36}", about.get("RequestId", ""))), about)
    kind = about["HTTPHeaders"].get("content-type")
    drive.check("a response has the protocol's content type", kind == "application/x-amz-json-1.1", kind)


def connection_status(drive):
    status = drive.client.get_connection_status
    answer = status(Target="i-0123456789abcdef0")
    drive.check("an unknown node is notconnected", answer["Status"] == "notconnected", answer)
    drive.check("Target is echoed", answer["Target"] == "i-0123456789abcdef0", answer)
    wide = "ä€😀" * 20
    drive.check("Target is echoed in any script", status(Target=wide)["Target"] == wide)
    drive.check("a Target of 400 characters is taken", status(Target="x" * 400)["Status"] == "notconnected")
    drive.refused("a Target of 401 characters", "ValidationException", "get_connection_status", Target="x" * 401)
    drive.refused("an empty Target", "ValidationException", "get_connection_status", Target="")
    drive.refused("no Target", "ValidationException", "get_connection_status")
    node = drive.arguments.connected_node
    if node:
        drive.check("a connected node is connected", status(Target=node)["Status"] == "connected")
    else:
        drive.skip("a connected node is connected", "no --connected-node")


def documents(drive):
    about = drive.create("plain")["DocumentDescription"]
    name = drive.prefix + "plain"
    drive.check("CreateDocument describes the document", about["Name"] == name, about)
    drive.check("its owner is an account", bool(re.fullmatch("[0-9]{12}", about["Owner"])), about["Owner"])
    drive.check("its date is a date", hasattr(about["CreatedDate"], "isoformat"), about["CreatedDate"])
    drive.check("its version is 1", about["DocumentVersion"] == "1", about["DocumentVersion"])
    drive.check("its schema version is that of its content", about.get("SchemaVersion") == "2.2", about)
    create = {"Content": CONTENT, "DocumentType": "Command"}
    drive.refused("creating it again", "DocumentAlreadyExists", "create_document", Name=name, **create)
    drive.refused("a name of AWS", "ValidationException", "create_document", Name="AWS-DriveBoto3", **create)
    broken = {"Content": "{", "DocumentType": "Command", "DocumentFormat": "JSON"}
    drive.refused("broken content", "InvalidDocumentContent", "create_document", Name=name + "-b", **broken)
    missing = drive.prefix + "missing"
    drive.refused("describing what is not there", "InvalidDocument", "describe_document_permission", Name=missing,
                  PermissionType="Share")  # fmt: skip
    drive.refused("deleting what is not there", "InvalidDocument", "delete_document", Name=missing)
    drive.refused("sharing what is not there", "InvalidDocument", "modify_document_permission", Name=missing,
                  PermissionType="Share", AccountIdsToAdd=["all"])  # fmt: skip


def sharing(drive):
    name = drive.prefix + "plain"
    answer = drive.describe(name)
    drive.check("nobody at first", answer["AccountIds"] == [] and answer["AccountSharingInfoList"] == [], answer)
    drive.share(name, add=[account(2), account(1)])
    answer = drive.describe(name)
    drive.check("shared accounts are listed", sorted(answer["AccountIds"]) == [account(1), account(2)], answer)
    infos = answer["AccountSharingInfoList"]
    drive.check("both lists name the same accounts", [i["AccountId"] for i in infos] == answer["AccountIds"], answer)
    drive.check("the version is $DEFAULT", {i["SharedDocumentVersion"] for i in infos} == {"$DEFAULT"}, infos)
    drive.share(name, add=[account(3)], SharedDocumentVersion="$LATEST")
    infos = {i["AccountId"]: i["SharedDocumentVersion"] for i in drive.describe(name)["AccountSharingInfoList"]}
    drive.check("a version can be asked for", infos.get(account(3)) == "$LATEST", infos)
    drive.refused("deleting what is shared", "InvalidDocumentOperation", "delete_document", Name=name)
    drive.share(name, remove=[account(1), account(2), account(3)])
    drive.check("unsharing empties the lists", drive.describe(name)["AccountIds"] == [])
    drive.share(name, remove=[account(9)])
    drive.check("removing what is not there is fine", drive.describe(name)["AccountIds"] == [])

    drive.share(name, add=["All"])
    answer = drive.describe(name)
    public = [{"AccountId": "all", "SharedDocumentVersion": "$DEFAULT"}]
    drive.check("the public is all", answer["AccountIds"] == ["all"] and answer["AccountSharingInfoList"] == public, answer)
    drive.refused("deleting what is public", "InvalidDocumentOperation", "delete_document", Name=name)
    drive.share(name, remove=["all"])

    modify = {"call": "modify_document_permission", "Name": name, "PermissionType": "Share"}
    drive.refused("neither list", "InvalidParameterException", **modify)
    both = {"AccountIdsToAdd": [account(1)], "AccountIdsToRemove": [account(1)]}
    drive.refused("an account in both lists", "InvalidParameterException", **modify, **both)
    drive.refused("21 ids", "ValidationException", **modify, AccountIdsToAdd=[account(n) for n in range(21)])
    drive.refused("an id that is none", "ValidationException", **modify, AccountIdsToAdd=["everyone"])
    drive.refused("a version that is none", "ValidationException", **modify, AccountIdsToAdd=["all"],
                  SharedDocumentVersion="1")  # fmt: skip


def constraints(drive):
    name = drive.prefix + "plain"
    call = "describe_document_permission"
    good = {"Name": name, "PermissionType": "Share"}
    for what, code, change in (
        ("no Name", "ValidationException", {"Name": None}),
        ("a Name of two characters", "ValidationException", {"Name": "ab"}),
        ("a Name of 129 characters", "ValidationException", {"Name": "a" * 129}),
        ("a Name that ends in a newline", "ValidationException", {"Name": name + "\n"}),
        ("a Name that is a number", "SerializationException", {"Name": 5}),
        ("no PermissionType", "ValidationException", {"PermissionType": None}),
        ("another PermissionType", "InvalidPermissionType", {"PermissionType": "Own"}),
        ("MaxResults 0", "ValidationException", {"MaxResults": 0}),
        ("MaxResults 201", "ValidationException", {"MaxResults": 201}),
        ("MaxResults in quotes", "SerializationException", {"MaxResults": "5"}),
        ("MaxResults beyond 32 bits", "ValidationException", {"MaxResults": 2**31}),
        ("a NextToken never issued", "InvalidNextToken", {"NextToken": "never issued"}),
    ):
        parameters = {k: v for k, v in {**good, **change}.items() if v is not None}
        drive.refused(what, code, call, **parameters)
    rename = "request-created.ssm.ListDocuments"

    def name_no_operation(request, **_):
        request.headers.replace_header("X-Amz-Target", "AmazonSSM.ListThings")

    # Before it is signed: the handler that signs comes after those that are there already.
    drive.client.meta.events.register_first(rename, name_no_operation)
    drive.refused("an operation that is not there", "UnknownOperationException", "list_documents")
    drive.client.meta.events.unregister(rename, name_no_operation)


def paging(drive):
    name, other = drive.prefix + "paged", drive.prefix + "other"
    drive.create("paged")
    drive.create("other")
    ids = [account(n) for n in range(45)]
    drive.share(name, add=ids)
    drive.share(other, add=ids)
    for size in (None, 1, 7, 20, 45, 200):
        pages = drive.pages(name, **({} if size is None else {"MaxResults": size}))
        listed = [i for page in pages for i in page["AccountIds"]]
        infos = [i["AccountId"] for page in pages for i in page["AccountSharingInfoList"]]
        label = f"45 accounts, {size or 'default'} a page"
        drive.check(f"{label}: each listed once", sorted(listed) == ids, listed)
        drive.check(f"{label}: both lists agree", infos == listed)
        if size:
            sizes = [len(page["AccountIds"]) for page in pages]
            drive.check(f"{label}: no page is larger", max(sizes) <= size, sizes)
    token = drive.describe(name, MaxResults=7)["NextToken"]
    call = "describe_document_permission"
    drive.refused("another document's token", "InvalidNextToken", call, Name=other, PermissionType="Share", NextToken=token)
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    drive.refused("a changed token", "InvalidNextToken", call, Name=name, PermissionType="Share", NextToken=changed)
    drive.share(name, remove=ids[5:8])
    rest = [i for page in drive.pages(name, MaxResults=20) for i in page["AccountIds"]]
    drive.check("unsharing between pages", len(rest) == 42, len(rest))
    following = drive.describe(name, MaxResults=200, NextToken=token)["AccountIds"]
    drive.check("a token survives unsharing", following and following == ids[8:][: len(following)], following)


def parameters(drive):
    """Every operation of Parameter Store, and the errors that they declare, as boto3 types them."""
    client, name = drive.client, drive.prefix + "parameter"
    root = f"/{drive.prefix}tree"

    def put(name, value, **more):
        drive.parameters.append(name)
        return client.put_parameter(Name=name, Value=value, **more)

    answer = put(name, "one", Type="String", Tags=[{"Key": "a", "Value": "b"}])
    drive.check("a new parameter is version 1", answer["Version"] == 1 and answer["Tier"] == "Standard", answer)
    drive.check("an overwrite is version 2", put(name, "two", Overwrite=True)["Version"] == 2)
    found = client.get_parameter(Name="/" + name)["Parameter"]
    drive.check("x is found as /x", (found["Name"], found["Value"]) == ("/" + name, "two"), found)
    found = client.get_parameter(Name=name + ":1")["Parameter"]
    drive.check("a version is selected", (found["Value"], found["Selector"]) == ("one", ":1"), found)
    client.label_parameter_version(Name=name, ParameterVersion=1, Labels=["first"])
    drive.check("a label selects", client.get_parameter(Name=name + ":first")["Parameter"]["Version"] == 1)
    labels = client.unlabel_parameter_version(Name=name, ParameterVersion=1, Labels=["first", "none"])
    drive.check("a label is removed", (labels["RemovedLabels"], labels["InvalidLabels"]) == (["first"], ["none"]), labels)
    history = [v["Value"] for page in client.get_paginator("get_parameter_history").paginate(Name=name, PaginationConfig={"PageSize": 1})
               for v in page["Parameters"]]
    drive.check("the history is whole", sorted(history) == ["one", "two"], history)
    some = client.get_parameters(Names=[name, drive.prefix + "none"])
    drive.check("unknown names are told apart", some["InvalidParameters"] == [drive.prefix + "none"] and len(some["Parameters"]) == 1, some)
    put(name + "-secret", "hidden", Type="SecureString")
    drive.check("a secret is sealed", client.get_parameter(Name=name + "-secret")["Parameter"]["Value"] != "hidden")
    opened = client.get_parameter(Name=name + "-secret", WithDecryption=True)["Parameter"]
    drive.check("and opened", opened["Value"] == "hidden", opened)
    for below in ("/a", "/b/c", "/b/d"):
        put(root + below, "v", Type="String")
    by_path = [p["Name"] for page in client.get_paginator("get_parameters_by_path").paginate(
        Path=root, Recursive=True, PaginationConfig={"PageSize": 1}) for p in page["Parameters"]]
    drive.check("all pages below a path", sorted(by_path) == [root + below for below in ("/a", "/b/c", "/b/d")], by_path)
    described = client.describe_parameters(ParameterFilters=[{"Key": "Path", "Option": "OneLevel", "Values": [root]}])
    drive.check("a filter narrows", [p["Name"] for p in described["Parameters"]] == [root + "/a"], described)
    tags = {"ResourceType": "Parameter", "ResourceId": name}
    client.add_tags_to_resource(**tags, Tags=[{"Key": "c", "Value": "d"}])
    client.remove_tags_from_resource(**tags, TagKeys=["a"])
    listed = client.list_tags_for_resource(**tags)["TagList"]
    drive.check("tags come and go", listed == [{"Key": "c", "Value": "d"}], listed)

    none = drive.prefix + "none"
    drive.refused("a taken name", "ParameterAlreadyExists", "put_parameter", Name=name, Value="x", Type="String")
    drive.refused("another type", "HierarchyTypeMismatchException", "put_parameter", Name=name, Value="x", Type="StringList", Overwrite=True)
    drive.refused("16 levels", "HierarchyLevelLimitExceededException", "put_parameter", Name=root + "/x" * 15, Value="x", Type="String")
    drive.refused("a value that is not allowed", "ParameterPatternMismatchException", "put_parameter", Name=none, Value="x",
                  Type="String", AllowedPattern="[0-9]+")
    drive.refused("a pattern that is none", "InvalidAllowedPatternException", "put_parameter", Name=none, Value="x", Type="String",
                  AllowedPattern="[")
    drive.refused("an unknown parameter", "ParameterNotFound", "get_parameter", Name=none)
    drive.refused("an unknown version", "ParameterVersionNotFound", "get_parameter", Name=name + ":99")
    drive.refused("the history of none", "ParameterNotFound", "get_parameter_history", Name=none)
    drive.refused("a label of none", "ParameterNotFound", "label_parameter_version", Name=none, Labels=["x"])
    drive.refused("a label of no version", "ParameterVersionNotFound", "label_parameter_version", Name=name, ParameterVersion=99, Labels=["x"])
    drive.refused("a token that nobody gave", "InvalidNextToken", "describe_parameters", NextToken="made-up")
    drive.refused("a filter of another call", "InvalidFilterKey", "describe_parameters",
                  ParameterFilters=[{"Key": "Label", "Values": ["x"]}])
    drive.refused("an option of another filter", "InvalidFilterOption", "describe_parameters",
                  ParameterFilters=[{"Key": "Path", "Option": "Equals", "Values": ["/x"]}])
    drive.refused("tags of none", "InvalidResourceId", "list_tags_for_resource", ResourceType="Parameter", ResourceId=none)
    client.delete_parameter(Name=name)
    drive.refused("a deleted parameter", "ParameterNotFound", "delete_parameter", Name=name)
    deleted = client.delete_parameters(Names=[root + "/a", none])
    drive.check("deleted, and not there", (deleted["DeletedParameters"], deleted["InvalidParameters"]) == ([root + "/a"], [none]), deleted)


def versions(drive):
    """Versions, contents, lists and tags of documents, and the errors that their operations declare."""
    client, name, none = drive.client, drive.prefix + "versions", drive.prefix + "none"

    def content(about):
        return json.dumps({"schemaVersion": "2.2", "description": about, "mainSteps": []})

    drive.documents.append(name)
    client.create_document(Name=name, Content=content("one"), DocumentType="Command", VersionName="first", Tags=[{"Key": "a", "Value": "b"}])
    second = client.update_document(Name=name, Content=content("two"), DocumentVersion="$LATEST", VersionName="second")["DocumentDescription"]
    drive.check("an update is version 2", (second["DocumentVersion"], second["LatestVersion"], second["DefaultVersion"]) == ("2", "2", "1"), second)
    found = client.get_document(Name=name)
    drive.check("the default version is read", (found["DocumentVersion"], found["Content"]) == ("1", content("one")), found)
    for how, version in (({"DocumentVersion": "$LATEST"}, "2"), ({"DocumentVersion": "1"}, "1"), ({"VersionName": "second"}, "2")):
        drive.check(f"{how} selects version {version}", client.get_document(Name=name, **how)["DocumentVersion"] == version)
    as_yaml = client.get_document(Name=name, DocumentFormat="YAML")
    drive.check("a document is shown as YAML", as_yaml["DocumentFormat"] == "YAML" and '"description": "one"' in as_yaml["Content"], as_yaml)
    set_to = client.update_document_default_version(Name=name, DocumentVersion="2")["Description"]
    drive.check("the default version is set", (set_to["DefaultVersion"], set_to["DefaultVersionName"]) == ("2", "second"), set_to)
    described = client.describe_document(Name=name)["Document"]
    drive.check("and described", (described["DocumentVersion"], described["Description"]) == ("2", "two"), described)
    listed = [v for page in client.get_paginator("list_document_versions").paginate(Name=name, PaginationConfig={"PageSize": 1})
              for v in page["DocumentVersions"]]
    drive.check("all versions are listed", [(v["DocumentVersion"], v["IsDefaultVersion"]) for v in listed] == [("1", False), ("2", True)], listed)
    by_tag = {"Key": "tag:a", "Values": ["b"]}
    found = client.list_documents(Filters=[{"Key": "Name", "Values": [name]}, by_tag])["DocumentIdentifiers"]
    drive.check("filters narrow a list", [d["Name"] for d in found] == [name], found)
    tags = {"ResourceType": "Document", "ResourceId": name}
    client.add_tags_to_resource(**tags, Tags=[{"Key": "c", "Value": "d"}])
    client.remove_tags_from_resource(**tags, TagKeys=["a"])
    drive.check("tags of a document come and go", client.list_tags_for_resource(**tags)["TagList"] == [{"Key": "c", "Value": "d"}])

    def update(expected, what, **more):
        drive.refused(what, expected, "update_document", **{"Name": name, "Content": content("three"), "DocumentVersion": "$LATEST", **more})

    update("DuplicateDocumentContent", "the same content", Content=content("two"))
    update("DuplicateDocumentVersionName", "a version name that is taken", VersionName="first")
    update("InvalidDocumentContent", "content that is cut off", Content="{")
    update("InvalidDocumentSchemaVersion", "a schema version that is none", Content='{"schemaVersion":"x"}')
    update("InvalidDocumentVersion", "a version that is not the latest", DocumentVersion="1")
    update("InvalidDocument", "a document that there is not", Name=none)
    update("MaxDocumentSizeExceeded", "content beyond 64 KB", Content=content("x" * 65536))
    drive.refused("a version that there is not", "InvalidDocumentVersion", "get_document", Name=name, DocumentVersion="9")
    drive.refused("a default that there is not", "InvalidDocumentVersion", "update_document_default_version", Name=name, DocumentVersion="9")
    drive.refused("the default version's deletion", "InvalidDocumentOperation", "delete_document", Name=name, DocumentVersion="2")
    drive.refused("the versions of none", "InvalidDocument", "list_document_versions", Name=none)
    drive.refused("a filter that there is not", "InvalidFilterKey", "list_documents", Filters=[{"Key": "Colour", "Values": ["x"]}])
    client.delete_document(Name=name, DocumentVersion="1")
    drive.check("one version is deleted", [v["DocumentVersion"] for v in client.list_document_versions(Name=name)["DocumentVersions"]] == ["2"])


def commands(drive):
    """Run Command and Session Manager where no node runs anything."""
    client, name = drive.client, drive.prefix + "command"
    drive.documents.append(name)
    client.create_document(Name=name, Content=CONTENT, DocumentType="Command")
    nobody = [{"Key": "tag:drive", "Values": ["none"]}]
    sent = client.send_command(DocumentName=name, Targets=nobody)["Command"]
    drive.check("a command is sent", (sent["DocumentName"], sent["MaxConcurrency"], sent["MaxErrors"]) == (name, "50", "0"), sent)
    client.send_command(DocumentName=name, Targets=nobody)
    listed = [c["CommandId"] for page in client.get_paginator("list_commands").paginate(CommandId=sent["CommandId"]) for c in page["Commands"]]
    drive.check("and listed by its id", listed == [sent["CommandId"]], listed)
    drive.check("it reaches no node", client.list_command_invocations(CommandId=sent["CommandId"])["CommandInvocations"] == [])
    drive.check("and is cancelled", client.cancel_command(CommandId=sent["CommandId"])["ResponseMetadata"]["HTTPStatusCode"] == 200)
    node, unknown = "i-0aaaaaaaaaaaaaaa0", str(uuid.uuid4())
    drive.refused("a node that is not managed", "InvalidInstanceId", "send_command", DocumentName=name, InstanceIds=[node])
    drive.refused("a node that is named twice", "DuplicateInstanceId", "send_command", DocumentName=name, InstanceIds=[node, node])
    drive.refused("a document that there is not", "InvalidDocument", "send_command", DocumentName=drive.prefix + "none", Targets=nobody)
    drive.refused("a parameter that there is not", "InvalidParameters", "send_command", DocumentName=name, Targets=nobody, Parameters={"x": ["y"]})
    drive.refused("no invocation", "InvocationDoesNotExist", "get_command_invocation", CommandId=sent["CommandId"], InstanceId=node)
    drive.refused("no command to cancel", "InvalidCommandId", "cancel_command", CommandId=unknown)
    drive.refused("a session with nobody", "TargetNotConnected", "start_session", Target=node)


def signatures(drive):
    if not drive.arguments.signatures:
        return drive.skip("signatures", "no --signatures")
    known = drive.credentials
    wrong = drive.new_client(aws_access_key_id=known.access_key, aws_secret_access_key=known.secret_key + "x")
    unknown = drive.new_client(aws_access_key_id="AKIDNOBODYKNOWS", aws_secret_access_key=known.secret_key)
    call = {"call": "get_connection_status", "Target": "i-0123456789abcdef0"}
    drive.refused("a wrong secret", "InvalidSignatureException", client=wrong, **call)
    drive.refused("an unknown key", "UnrecognizedClientException", client=unknown, **call)
    unsigned = boto3.session.Session(region_name=drive.arguments.region).client(
        "ssm",
        endpoint_url=drive.arguments.endpoint_url,
        verify=drive.arguments.ca_bundle,
        config=botocore.config.Config(signature_version=botocore.UNSIGNED, retries={"total_max_attempts": 1}, proxies={}),
    )
    drive.refused("no signature", "MissingAuthenticationTokenException", client=unsigned, **call)
    answer = drive.client.get_connection_status(Target="ünïcode")
    drive.check("a right signature of any text", answer["Target"] == "ünïcode", answer)


def deletion(drive):
    name = drive.prefix + "plain"
    drive.client.delete_document(Name=name)
    drive.refused("a deleted document", "InvalidDocument", "describe_document_permission", Name=name, PermissionType="Share")
    drive.refused("deleting twice", "InvalidDocument", "delete_document", Name=name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint-url", required=True)
    parser.add_argument("--ca-bundle", help="PEM file of the endpoint's CA")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--connected-node", help="a managed node that is connected")
    parser.add_argument("--signatures", action="store_true", help="the endpoint checks signatures: check that it does")
    drive = Drive(parser.parse_args())
    try:
        for part in (metadata, connection_status, documents, versions, commands, sharing, constraints, paging, parameters, signatures, deletion):
            try:
                part(drive)
            except (botocore.exceptions.ClientError, KeyError, TypeError) as error:
                drive.check(f"{part.__name__} went to its end", False, repr(error))
    except botocore.exceptions.BotoCoreError as error:
        print(f"the endpoint cannot be used: {error}", file=sys.stderr)
        return 2
    finally:
        drive.clean_up()
    print(f"{drive.held} held, {drive.failed} broken, {drive.skipped} skipped")
    return 1 if drive.failed else 0


if __name__ == "__main__":
    sys.exit(main())
