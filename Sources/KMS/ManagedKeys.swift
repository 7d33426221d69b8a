import AWSCore
import Stores

extension KeyRing {
    /// The alias of the key that ECR has when a repository names none.
    package static let ecrAlias = "alias/aws/ecr"

    /// The name by which ECR acts in this region.
    package var ecrService: String { "ecr.\(region).amazonaws.com" }

    /// Makes ECR's own key where `name` asks for its alias and there is none yet.
    func makeManagedKey(for name: KeyName) async throws {
        guard case .alias(Self.ecrAlias, let account, let region) = name, account == self.account, region == self.region else { return }
        guard try await database.read({ try $0.findKey(name) }) == nil else { return }
        let ring = self
        let material = try KeyMaterial(.first, services)
        do {
            try await database.write { transaction in
                let key = try transaction.create(
                    .aws, material, description: "Default key that protects my ECR data when no other key is defined", policy: ring.ecrPolicy,
                    in: ring)
                try transaction.insertAlias(Self.ecrAlias, of: key, in: ring)
            }
        } catch DatabaseError.uniqueViolation {
            // Another request was faster.
        }
    }

    /// Who may do something to repositories may use their key through ECR, and nobody otherwise.
    private var ecrPolicy: String {
        """
        {"Version":"2012-10-17","Id":"auto-ecr-1","Statement":[\
        {"Sid":"Allow access through ECR for all principals in the account that are authorized to use ECR","Effect":"Allow",\
        "Principal":{"AWS":"*"},\
        "Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:CreateGrant","kms:RetireGrant","kms:DescribeKey"],\
        "Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"\(account)","kms:ViaService":"\(ecrService)"}}},\
        {"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::\(account):root"},\
        "Action":["kms:Describe*","kms:Get*","kms:List*","kms:RevokeGrant"],"Resource":"*"}]}
        """
    }
}
