import AWSCore
import Identity

extension AWSError {
    /// What a rule of an account says, in IAM's code and in the words that its clients match on.
    init(_ error: IdentityError) {
        switch error {
        case .entityNotFound(let kind, let name): self.init(notFound: "The \(kind.rawValue) with name \(name) cannot be found.")
        case .boundaryNotFound(let kind, let name):
            self.init(notFound: "The \(kind.rawValue) with name \(name) does not have a permissions boundary.")
        case .inlinePolicyNotFound(let kind, let name): self.init(notFound: "The \(kind.rawValue) policy with name \(name) cannot be found.")
        case .accessKeyNotFound(let id): self.init(notFound: "The Access Key with id \(id) cannot be found.")
        case .aliasNotFound(let alias): self.init(notFound: "The Account Alias \(alias) cannot be found.")
        case .policyNotFound(let arn), .policyNotAttached(let arn): self.init(notFound: "Policy \(arn) was not found.")
        case .policyNotAttachable(let arn): self.init(notFound: "Policy \(arn) does not exist or is not attachable.")
        case .policyOfService: self.init("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
        case .policyVersionNotFound(let arn, let version):
            self.init(notFound: "Policy \(arn) version \(version) does not exist or is not attachable.")

        case .entityExists(let kind, let name): self.init(exists: "\(kind.rawValue.capitalized) with name \(name) already exists.")
        case .policyExists(let name): self.init(exists: "A policy called \(name) already exists. Duplicate names are not allowed.")
        case .aliasExists(let alias): self.init(exists: "The account alias \(alias) already exists.")

        case .credentialReportNotPresent: self.init("ReportNotPresent", "No report exists. Generate one with GenerateCredentialReport.", status: 410)
        case .credentialReportExpired:
            self.init("ReportExpired", "The most recent report has expired. Generate a new one with GenerateCredentialReport.", status: 410)

        case .policyOfAWS(let arn): self.init("AccessDenied", "The policy \(arn) is managed by AWS and cannot be changed.", status: 403)
        case .invalidPolicyARN(let arn): self.init("InvalidInput", "ARN \(arn) is not valid.")
        case .malformedPolicy(let reason): self.init("MalformedPolicyDocument", reason)
        case .duplicateTagKeys:
            self.init("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        case .reservedTagKey(let key):
            self.init("InvalidInput", "The tag key \(key) is not allowed: keys that begin with aws: are reserved for AWS.")

        case .deleteConflict(let obstacle): self.init("DeleteConflict", obstacle.sentence, status: 409)
        case .quotaExceeded(let quota, let limit): self.init(limit: "Cannot exceed quota for \(quota.rawValue): \(limit)")
        case .inlinePoliciesTooLarge(let kind, let name, let limit):
            self.init(limit: "Maximum policy size of \(limit) bytes exceeded for \(kind.rawValue) \(name)")
        case .tooManyPolicyVersions(let limit):
            self.init(
                limit: "A managed policy can have up to \(limit) versions. Before you create a new version, you must delete an existing version.")

        case .protectedRole(let name):
            self.init("UnmodifiableEntity", "Cannot perform the operation on the protected role '\(name)' - this role is only modifiable by AWS")
        case .instanceProfileNotFound(let name): self.init(notFound: "Instance Profile \(name) cannot be found.")
        case .instanceProfileExists(let name): self.init(exists: "Instance Profile \(name) already exists.")
        case .oidcProviderNotFound(let arn): self.init(notFound: "OpenIDConnect Provider not found for arn \(arn)")
        case .oidcProviderExists(let url): self.init(exists: "Provider with url \(url) already exists.")
        case .invalidOIDCProviderARN(let arn): self.init("InvalidInput", "\(arn) is not a valid OpenID Connect provider ARN")
        case .invalidOIDCProviderURL: self.init("InvalidInput", "Invalid Open ID Connect Provider URL")
        case .serviceWithoutRole(let service):
            self.init("InvalidInput", "The service principal \(service) does not support service-linked roles here.")
        case .serviceRoleExists(let name):
            self.init("InvalidInput", "Service role name \(name) has been taken in this account, please try a different suffix.")
        case .customSuffixRefused(let service): self.init("InvalidInput", "Custom suffix is not allowed for \(service)")
        case .deletionTaskNotFound(let id): self.init(notFound: "The deletion task with id \(id) cannot be found.")
        case .invalidDeletionTask(let id): self.init("InvalidInput", "The deletion task id \(id) is not valid.")
        case .invalidEntityARN(let arn):
            self.init("InvalidInput", "Invalid Entity Arn: \(arn) does not clearly define entity type and name.")

        case .tooManyTags(let limit): self.init(limit: "The number of tags has reached the maximum limit of \(limit).")
        }
    }

    private init(notFound message: String) { self.init("NoSuchEntity", message, status: 404) }

    private init(exists message: String) { self.init("EntityAlreadyExists", message, status: 409) }

    private init(limit message: String) { self.init("LimitExceeded", message, status: 409) }
}

extension DeleteObstacle {
    fileprivate var sentence: String {
        switch self {
        case .accessKeys: "Cannot delete entity, must delete access keys first."
        case .inlinePolicies: "Cannot delete entity, must delete policies first."
        case .attachedPolicies: "Cannot delete entity, must detach all policies first."
        case .groups, .members: "Cannot delete entity, must remove users from group first."
        case .instanceProfiles: "Cannot delete entity, must remove roles from instance profile first."
        case .policyInUse: "Cannot delete a policy attached to entities."
        case .policyVersions:
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
                + "The default version is deleted with the policy."
        case .defaultPolicyVersion: "Cannot delete the default version of a policy."
        }
    }
}
