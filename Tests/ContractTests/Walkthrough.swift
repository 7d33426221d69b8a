import AWSCore
import Foundation
import IAM
import Identity
import NIOCore
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// A walk through everything that the domain does with its database, and the statements that this took.
struct Walkthrough {
    let installation: TestInstallation
    /// Statements on the path of a request.
    let requests: [SQL]
    /// Statements of background work and of `berth fsck`, besides those above.
    let upkeep: [SQL]

    init() async throws {
        installation = try TestInstallation(limits: Self.limits, events: [.file, .webhook])
        try await Self.walkIdentity(installation)
        try await Self.walkAccount(installation)
        try await Self.walkRegistry(installation)
        try await Self.walkPublicRegistries(installation)
        try await Self.walkSettings(installation)
        try await Self.walkKMS(installation)
        requests = installation.recording.statements
        try await Self.walkUpkeep(installation)
        try await Self.walkKeyUpkeep(installation)
        upkeep = Array(installation.recording.statements.dropFirst(requests.count))
    }

    private static func walkIdentity(_ installation: TestInstallation) async throws {
        let accounts = Accounts(database: installation.recording)
        try await accounts.establish(installation.account)
        try await accounts.establish(installation.account)
        _ = try await accounts.recorded()
        let keys = AccessKeys(database: installation.recording, keys: installation.keys, ids: installation.ids)
        _ = try await keys.hasRootKey(of: installation.account)
        let key = try await keys.resetRootKey(of: installation.account)
        #expect(try await keys.find(key.id)?.secret == key.secret)
        _ = try await installation.identity.credentials.signer(key.id, sessionToken: nil, region: .usEast1)
        let tokens = installation.identity.dockerTokens
        let caller = installation.root(accessKeyID: key.id)
        let token = try await tokens.issue(to: caller)
        #expect(try await tokens.caller(for: token.password) == caller)
    }

    private static func walkAccount(_ installation: TestInstallation) async throws {
        let identity = installation.identity
        let account = identity.account(installation.account)
        let document = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"#
        let policy = try await account.createPolicy("push", document: document, tags: [IAMTag(key: "a", value: "b")]).arn
        try await walkPolicy(policy, document, account)
        let user = try await account.createUser("bob", boundary: policy, tags: [IAMTag(key: "a", value: "b")])
        _ = try await account.createGroup("dev")
        try await account.addUser("bob", toGroup: "dev")
        for (kind, name) in [(Entity.Kind.user, "bob"), (.group, "dev")] {
            try await account.attachPolicy(policy, to: kind, named: name)
            try await account.putInlinePolicy("own", document, to: kind, named: name)
            _ = try await account.inlinePolicy("own", of: kind, named: name)
            _ = try await account.inlinePolicies(of: kind, named: name)
            _ = try await account.attachedPolicies(of: kind, named: name)
            _ = try await account.entities(kind, after: nil, limit: 10)
            _ = try await account.target(kind, named: name)
            _ = try await account.detail(of: kind, named: name)
        }
        _ = try await account.entities(ofPolicy: policy, kinds: [.user], usage: nil, after: nil, limit: 10)
        _ = try await account.entity(id: user.id)
        _ = try await account.group(named: "dev", usersAfter: nil, limit: 10)
        _ = try await account.groups(ofUser: "bob")
        try await walkKeys(identity, account, user)
        try await walkRoles(account)
        _ = try await account.summary()
        _ = try await account.authorizationDetails(Set(DetailKind.allCases), after: nil, limit: 10)
        _ = try await account.generateCredentialReport()
        _ = try await account.credentialReport()
        try await account.setAlias("berth-test")
        _ = try await account.alias()
        try await account.deleteAlias("berth-test")
        _ = try await account.createdAt()

        try await account.removeUser("bob", fromGroup: "dev")
        try await account.deleteBoundary(of: .user, named: "bob")
        for (kind, name) in [(Entity.Kind.user, "bob"), (.group, "dev")] {
            try await account.detachPolicy(policy, from: kind, named: name)
            try await account.deleteInlinePolicy("own", of: kind, named: name)
        }
        try await account.rename(.user, named: "bob", to: "rob", path: "/team/")
        try await account.deleteUser("rob")
        try await account.deleteGroup("dev")
        try await account.deletePolicy(policy)
    }

    private static func walkPolicy(_ policy: String, _ document: String, _ account: Account) async throws {
        _ = try await account.policy(policy)
        _ = try await account.target(policy: policy)
        _ = try await account.policies(.all, after: nil, limit: 10)
        _ = try await account.createPolicyVersion(policy, document: document, isDefault: true)
        _ = try await account.policyVersions(policy)
        try await account.setDefaultPolicyVersion(policy, "v1")
        try await account.deletePolicyVersion(policy, "v2")
        try await account.addTags([IAMTag(key: "c", value: "d")], toPolicy: policy)
        try await account.removeTags(["c"], fromPolicy: policy)
    }

    private static func walkRoles(_ account: Account) async throws {
        let trust = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#
        _ = try await account.createRole("Walk", path: "/a/", trustPolicy: trust, description: "d", tags: [IAMTag(key: "a", value: "b")])
        try await account.updateRole(named: "Walk", description: "e", maxSessionSeconds: 7200)
        _ = try await account.roles(pathPrefix: "/a/", after: nil, limit: 10)
        _ = try await account.createInstanceProfile("node", path: "/a/", tags: [IAMTag(key: "a", value: "b")])
        try await account.addRole("Walk", toInstanceProfile: "node")
        _ = try await account.instanceProfiles(pathPrefix: "/a/", after: nil, limit: 10)
        _ = try await account.instanceProfiles(withRole: "Walk", after: nil, limit: 10)
        _ = try await account.target(instanceProfile: "node")
        _ = try await account.policySources(of: "arn:aws:iam::\(account.id):role/a/Walk")
        try await account.removeRole("Walk", fromInstanceProfile: "node")
        try await account.deleteInstanceProfile("node")
        try await account.deleteRole("Walk")
        _ = try await account.createServiceLinkedRole(for: "replication.ecr.amazonaws.com")
        _ = try await account.deleteServiceLinkedRole("AWSServiceRoleForECRReplication")
        let provider = try await account.createOIDCProvider("https://walk.example.com", clientIDs: ["a"], thumbprints: ["b"]).arn.description
        try await account.addClientID("c", toOIDCProvider: provider)
        _ = try await account.oidcProviders()
        _ = try await account.target(oidcProvider: provider)
        try await account.deleteOIDCProvider(provider)
    }

    private static func walkKeys(_ identity: IdentityServices, _ account: Account, _ user: Entity) async throws {
        let owner = KeyOwner.user(user.name)
        let key = try await account.createAccessKey(for: owner)
        _ = try await account.accessKeys(of: owner)
        guard case .known(_, let caller) = try await identity.credentials.signer(key.id, sessionToken: nil, region: .usEast1) else {
            throw TestSetupError("the key of a user is not known")
        }
        let arn = user.arn.description
        try await identity.database.write { transaction in
            _ = try IdentityPolicies.load(for: caller, transaction)
            _ = try Principals.uniqueID(ofARN: arn, transaction)
            _ = try Principals.arn(ofUniqueID: user.id, transaction)
        }
        identity.accessKeyUses.note(key.id, service: "ecr", region: .usEast1)
        try await identity.accessKeyUses.write(limit: 10)
        _ = try await account.lastUse(ofAccessKey: key.id)
        try await account.setAccessKey(key.id, of: owner, active: false)
        try await account.deleteAccessKey(key.id, of: owner)
    }

    private static func walkRegistry(_ installation: TestInstallation) async throws {
        let registry = installation.registry
        let (name, other) = (try repository("team/app"), try repository("other"))
        _ = try await registry.createRepository(name, tags: [ResourceTag(key: "a", value: "b")])
        _ = try await registry.createRepository(other, mutability: TagMutability(mode: .immutable))
        await #expect(throws: RegistryError.self) { _ = try await registry.createRepository(name) }
        _ = try await registry.repositories([name, other])
        let page = try await registry.repositories(after: nil, limit: 1)
        _ = try await registry.repositories(after: page.next, limit: 1)
        try await registry.addResourceTags([ResourceTag(key: "a", value: "c"), ResourceTag(key: "d", value: "e")], to: name)
        _ = try await registry.resourceTags(of: name)
        try await registry.removeResourceTags(["d"], from: name)
        _ = try await registry.putTagMutability(TagMutability(mode: .mutableWithExclusion, exclusions: ["v*"]), of: name)

        let image = TestImage.image(seed: 1)
        let index = TestImage.index(of: [image, TestImage.image(seed: 2)])
        let signature = TestImage.artifact("application/vnd.example.signature", of: image)
        let (latest, stable) = (try tag("latest"), try tag("stable"))
        try await registry.push(image, to: name, tags: [latest])
        try await registry.push(image, to: name, tags: [latest, stable])
        try await registry.push(index, to: name, tags: [latest])
        try await registry.push(signature, to: name)
        try await registry.push(image, to: other, tags: [latest])
        await #expect(throws: RegistryError.self) { try await registry.push(TestImage.image(seed: 3), to: other, tags: [latest]) }
        let stranger = TestImage.image(seed: 4)
        await #expect(throws: RegistryError.self) { _ = try await registry.putImage(NewImage(manifest: stranger.manifest, tags: []), in: name) }
        await #expect(throws: RegistryError.self) {
            _ = try await registry.putImage(NewImage(manifest: TestImage.index(of: [stranger]).manifest, tags: []), in: name)
        }
        try await walkImages(registry, name, image, signature, [latest, stable])
        try await walkLayers(installation, name, other, image)
        try await walkLifecycle(installation, name, image)
        try await walkArchive(installation, TestImage.image(seed: 8))

        _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest), ImageIdentifier(tag: stable)], in: name)
        try await registry.deleteManifest(.tag(latest), in: name)
        try await registry.deleteManifest(.digest(index.digest), in: name)
        try await registry.deleteManifest(.digest(signature.digest), in: name)
        try await registry.deleteManifest(.digest(image.digest), in: name)
        await #expect(throws: RegistryError.self) { _ = try await registry.deleteRepository(other, force: false) }
        _ = try await registry.deleteRepository(other, force: true)
    }

    /// With every limit that takes a look at the database.
    private static let limits: Limits = {
        var limits = Limits()
        limits.bytesPerRepository = 1 << 40
        limits.bytesPerAccount = 1 << 40
        limits.imagesPerAccount = 1 << 20
        return limits
    }()

    private static func walkSettings(_ installation: TestInstallation) async throws {
        let registry = installation.registry
        guard let prefix = TemplatePrefix("walk") else { throw TestSetupError("walk") }
        var template = CreationTemplate(prefix: prefix, appliedFor: [.createOnPush])
        template.resourceTags = [ResourceTag(key: "a", value: "b")]
        template.repositoryPolicy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:ReplicateImage"}]}"#
        template.lifecyclePolicy = #"""
            {"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}
            """#
        _ = try await registry.createTemplate(template)
        _ = try await registry.updateTemplate(prefix) { $0.description = "d" }
        _ = try await registry.templates([prefix])
        let page = try await registry.templates(after: nil, limit: 1)
        _ = try await registry.templates(after: page.elements.last?.prefix, limit: 1)
        let (name, context) = (try repository("walk/app"), installation.context())
        _ = try await registry.creatingRepository(name, for: context, by: installation.authorizer) { try await registry.startUpload(in: name) }
        _ = try await registry.deleteTemplate(prefix)

        let image = TestImage.image(seed: 6)
        try await registry.push(image, to: name)
        let user = "arn:aws:iam::123456789012:user/walker"
        _ = try await registry.addPullTimeExclusion(user)
        let caller = Caller(
            kind: .user(name: "walker"), account: installation.account, arn: user, userID: "AIDAWALKER", accessKeyID: nil, region: .usEast1)
        for caller in [caller, installation.root] {
            registry.notePull(of: try await registry.image(ImageIdentifier(digest: image.digest), in: name), by: caller)
        }
        #expect(try await installation.services.pullTimes.write() == 2)
        #expect(try await registry.describeImages([ImageIdentifier(digest: image.digest)], in: name)[0].lastPulledAt != nil)
        let exclusions = try await registry.pullTimeExclusions(after: nil, limit: 1)
        _ = try await registry.pullTimeExclusions(after: exclusions.elements.last, limit: 1)
        try await registry.removePullTimeExclusion(user)
        _ = try await registry.usage(of: name)
        _ = try await registry.accountUsage()
        for setting in AccountSetting.allCases { try await registry.putAccountSetting(setting, registry.accountSetting(setting)) }
    }

    private static func walkPublicRegistries(_ installation: TestInstallation) async throws {
        let services = installation.services
        let registry = services.registry(RegistryID(publicOf: installation.account))
        let name = try repository("public/app")
        _ = try await registry.createPublicRepository(name, tags: [], catalog: CatalogData(description: "d"), logo: [1])
        guard let alias = RegistryAlias("walk") else { throw TestSetupError("walk") }
        _ = try await registry.requestAlias(alias)
        _ = try await services.settleAlias(alias, isGranted: true)
        #expect(try await services.publicRegistry(named: "walk") == registry.id)
        try await registry.putDisplayName("Walk")
        _ = try await registry.displayName()
        let stored = try await registry.putCatalogData(CatalogData(aboutText: "a"), logo: [2], of: name)
        if let logo = stored.logo { _ = try await services.logo(logo) }
        _ = try await registry.putCatalogData(CatalogData(), logo: [], of: name)
        try await registry.push(TestImage.image(seed: 1), to: name, tags: [try tag("v1")])
        _ = try await registry.describeTags(in: name, after: nil, limit: 1)
        registry.notePull(of: name)
        _ = try await services.writePullCounts(limit: 1)
        _ = try await registry.pullCount(of: name)
        _ = try await registry.deleteRepository(name, force: true)
    }

    private static func walkImages(
        _ registry: Registry, _ name: RepositoryName, _ image: TestImage, _ signature: TestImage, _ tags: [ImageTag]
    ) async throws {
        let identifiers = [ImageIdentifier(digest: image.digest), ImageIdentifier(tag: tags[0]), ImageIdentifier(digest: image.digest, tag: tags[1])]
        for identifier in identifiers {
            _ = try await registry.image(identifier, in: name)
            _ = try await registry.imageStat(identifier, in: name)
        }
        _ = try await registry.images(identifiers, in: name)
        for status in [TagStatus.tagged, .untagged, .any] {
            let list = try await registry.listImages(in: name, status, after: nil, limit: 1)
            _ = try await registry.listImages(in: name, status, after: list.next, limit: 1)
            let details = try await registry.describeImages(in: name, status, after: nil, limit: 1)
            _ = try await registry.describeImages(in: name, status, after: details.next, limit: 1)
        }
        _ = try await registry.describeImages(identifiers, in: name)
        _ = try await registry.listTags(in: name, after: nil, limit: 1)
        _ = try await registry.listTags(in: name, after: "a", limit: 1)
        for types in [[], ["application/vnd.example.signature", "other"]] {
            let found = try await registry.referrers(of: image.digest, in: name, artifactTypes: types, after: nil, limit: 10)
            #expect(found.elements.map(\.digest) == [signature.digest])
            _ = try await registry.referrers(of: image.digest, in: name, artifactTypes: types, after: found.elements.last?.cursor, limit: 10)
        }
    }

    private static func walkArchive(_ installation: TestInstallation, _ image: TestImage) async throws {
        let (registry, name) = (installation.registry, try repository("archived"))
        _ = try await registry.createRepository(name)
        try await registry.push(image, to: name, tags: [tag("v1")])
        let identifier = ImageIdentifier(digest: image.digest)
        _ = try await registry.setStorageClass(.archive, of: identifier, in: name)
        for status in ImageStatus.allCases {
            _ = try await registry.describeImages(in: name, .any, status, after: nil, limit: 10)
            _ = try await registry.listImages(in: name, .any, status, after: nil, limit: 10)
        }
        _ = try await registry.archivedLayers(image.blobs.map(\.descriptor.digest), in: name)
        _ = try await registry.setStorageClass(.standard, of: identifier, in: name)
        _ = try await registry.setStorageClass(.archive, of: identifier, in: name)
        try await registry.push(image, to: name)
        _ = try await registry.setStorageClass(.archive, of: identifier, in: name)
    }

    private static func walkLifecycle(_ installation: TestInstallation, _ name: RepositoryName, _ image: TestImage) async throws {
        let registry = installation.registry
        let policy = """
            {"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}
            """
        try await registry.putLifecyclePolicy(policy, of: name)
        _ = try await registry.lifecyclePolicy(of: name)
        _ = try await registry.startLifecyclePreview(of: nil, in: name)
        _ = try await registry.lifecyclePreview(in: name, .any, after: 0, limit: 1)
        _ = try await registry.lifecyclePreview(in: name, of: [ImageIdentifier(digest: image.digest)])
        _ = try await registry.deleteLifecyclePolicy(of: name)
    }

    private static func walkLayers(_ installation: TestInstallation, _ name: RepositoryName, _ other: RepositoryName, _ image: TestImage) async throws
    {
        let registry = installation.registry
        let digests = image.blobs.map(\.descriptor.digest)
        for reserving in [false, true] { #expect(try await registry.findLayers(digests, in: name, reserving: reserving).count == digests.count) }
        try await registry.openLayer(digests[1], in: name).content.close()
        let token = try await registry.downloadToken(for: digests[1], in: name)
        try await installation.services.openDownload(token)?.content.close()

        var random = SeededRandom(seed: 9)
        let bytes = random.bytes(3000)
        let digest = Digest.of(bytes)
        let upload = try await registry.startUpload(in: name)
        let stream = AnyAsyncSequence<ByteBuffer>(
            AsyncStream { continuation in
                continuation.yield(ByteBuffer(bytes: bytes[..<1000]))
                continuation.finish()
            })
        _ = try await registry.append(.stream(stream, from: 0), to: upload.id, in: name)
        _ = try await registry.append(.part(ByteBuffer(bytes: bytes[1000...]), from: 1000), to: upload.id, in: name)
        _ = try await registry.upload(upload.id, in: name)
        _ = try await registry.completeUpload(upload.id, as: digest, in: name)
        _ = try await registry.completeUpload(upload.id, as: digest, in: name)
        let second = try await registry.startUpload(in: name)
        _ = try await registry.append(.part(ByteBuffer(bytes: bytes), from: 0), to: second.id, in: name)
        await #expect(throws: RegistryError.self) { _ = try await registry.completeUpload(second.id, as: digest, in: name, strict: true) }
        _ = try await registry.completeUpload(second.id, as: digest, in: name)
        let third = try await registry.startUpload(in: name)
        try await registry.cancelUpload(third.id, in: name)
        _ = try await registry.startUpload(in: name)
        #expect(try await registry.mountLayer(digest, from: name, into: other))
        try await registry.deleteLayer(digest, from: name)
        // Another pair of names, so that a layer is left that only the lease holds.
        try await registry.push(TestImage.image(seed: 5).blobs[0], to: name)
    }

    private static func walkUpkeep(_ installation: TestInstallation) async throws {
        let services = installation.services
        try await services.probeDatabase()
        _ = try await services.aliases(limit: 10)
        #expect(try await services.check(CheckOptions(reading: .all)).isClean)
        #expect(try await services.scrubBlobs(upTo: 1).damage.isEmpty)
        while try await !services.scrubBlobs(upTo: .max).isPassOver {}
        #expect(try await services.damagedBlobs() == 0)
        try await walkEncryption(installation)
        _ = try await services.foldTotals(limit: 100)
        #expect(try await services.largestRepositories(limit: 10).isEmpty == false)
        _ = try await services.registryUsage()
        for destination in EventDestination.allCases {
            let events = try await services.pendingEvents(for: destination, limit: 2)
            try await services.markDelivered(events, to: destination)
            _ = try await services.pendingEvents(for: destination, without: events.map(\.repositoryID), limit: 2)
        }
        try await walkSweeps(installation)
        try await walkOrphans(installation)
        let archived = try repository("archived")
        #expect(
            try await installation.registry.findLayers(TestImage.image(seed: 8).blobs.map(\.descriptor.digest), in: archived, reserving: false)
                .isEmpty)
        let identifier = ImageIdentifier(tag: try tag("v1"))
        #expect(try await installation.registry.setStorageClass(.standard, of: identifier, in: archived).status == .activating)
        #expect(try await services.activateImages(limit: 10) == 1)
        _ = try await installation.registry.deleteRepository(archived, force: true)
        while try await services.purgeDeletedRepositories(limit: 2) > 0 {}
        installation.clock.advance(by: .seconds(3 * 24 * 3600))
        #expect(try await services.expireUploads(limit: 100) > 0)
        installation.clock.advance(by: .seconds(5 * 24 * 3600))
        #expect(try await services.claimEvents() == 0)
        #expect(try await services.dropOldEvents(limit: 100) > 0)
        #expect(try await services.reclaimBlobs(limit: 100) > 0)
        installation.clock.advance(by: .seconds(3 * 24 * 3600))
        #expect(try await services.reapObjects(limit: 100) > 0)
        _ = try await services.foldTotals(limit: 100)
        let report = try await services.check(CheckOptions(reading: .all))
        #expect(report.isClean && report.orphans.isEmpty, "\(report)")
    }

    /// What was pushed without encryption is encrypted; keys are renewed.
    private static func walkEncryption(_ installation: TestInstallation) async throws {
        let services = installation.services
        let plain = RegistryServices(
            database: services.database, blobs: services.blobs, clock: services.clock, ids: services.ids, keys: services.keys, encryptsAtRest: false,
            events: [.file, .webhook], log: services.log)
        let name = try repository("plain")
        let registry = plain.registry(installation.registry.id)
        _ = try await registry.createRepository(name)
        try await registry.push(TestImage.image(seed: 33), to: name)
        #expect(try await services.encryptionStatus().plainManifests == 1)
        #expect(try await services.encryptPlainManifests(limit: 10) == 1)
        #expect(try await services.encryptPlainBlobs(after: 0, upTo: .max).blobs > 0)
        #expect(try await services.encryptionStatus().plainBlobs == 0)
        installation.clock.advance(by: .seconds(1))
        #expect(try await services.beginRenewal(anew: false) > 0)
        #expect(try await services.renewDataKeys(after: 0, upTo: .max).blobs > 0)
        var position: Int64? = 0
        while let after = position { position = try await services.renewDataKeys(after: after, upTo: .max).position }
        _ = try await services.blobsToRenew()
        let encrypted = services.registry(registry.id)
        let upload = try await encrypted.startUpload(in: name)
        try await encrypted.changeKey(of: name, to: .kms(key: nil, isDualLayer: false))
        #expect(try await services.repositoriesChangingKeys() == 1)
        var next: MovePosition? = .uploads
        while let position = next { next = try await encrypted.moveContent(of: name, from: position, upTo: .max).next }
        #expect(try await !encrypted.finishKeyChange(of: name).isUnderWay)
        try await encrypted.cancelUpload(upload.id, in: name)
        _ = try await services.rewrapRepositoryKeys(after: 0, limit: 10)
        #expect(try await services.outdatedRepositoryKeys().outdated == 0)
        _ = try await installation.identity.rewrapSecrets()
        _ = try await installation.kms.rewrapMaterials()
        _ = try await registry.deleteRepository(name, force: true)
    }

    /// An image, an index of it and what refers to it go to the archive, and a year later all of them expire.
    private static func walkSweeps(_ installation: TestInstallation) async throws {
        let (registry, services) = (installation.registry, installation.services)
        let name = try repository("swept")
        _ = try await registry.createRepository(name)
        let image = TestImage.image(seed: 7)
        let index = TestImage.index(of: [image])
        for image in [image, index, TestImage.artifact("application/vnd.example.signature", of: index)] { try await registry.push(image, to: name) }
        for rule in [
            #""countType":"sinceImagePushed","countUnit":"days","countNumber":1},"action":{"type":"transition","targetStorageClass":"archive"}"#,
            #""storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":90},"action":{"type":"expire"}"#,
        ] {
            installation.clock.advance(by: .seconds(365 * 24 * 3600))
            try await registry.putLifecyclePolicy(#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any",\#(rule)}]}"#, of: name)
            _ = try await registry.startLifecyclePreview(of: nil, in: name)
            #expect(try await services.sweepLifecycles(pages: 1000) > 0)
            _ = try await registry.explainLifecycle(in: name, after: nil, limit: 10)
            _ = try await registry.bytesFreedByLifecycle(in: name)
            _ = try await registry.lifecyclePreview(in: name, .any, after: 0, limit: 1)
            _ = try await services.repositoriesWithLifecyclePolicy(after: 0, limit: 10)
            try await registry.startLifecycle(of: name)
            _ = try await registry.advanceLifecycle(of: name, preview: false, pages: 100)
            installation.clock.advance(by: .seconds(2 * 24 * 3600))
            while try await services.archiveBlobs(limit: 10) > 0 {}
        }
        #expect(try await registry.describeImages(in: name, .any, after: nil, limit: 10).elements.isEmpty)
        _ = try await registry.deleteRepository(name, force: false)
    }

    private static func walkOrphans(_ installation: TestInstallation) async throws {
        let (registry, name) = (installation.registry, try repository("orphaned"))
        _ = try await registry.createRepository(name)
        let image = TestImage.image(seed: 7)
        for image in [image, TestImage.artifact("application/vnd.example.signature", of: image)] { try await registry.push(image, to: name) }
        _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest)], in: name)
        while try await installation.services.removeOrphanedReferrers(limit: 10) > 0 {}
        #expect(try await registry.describeImages(in: name, .any, after: nil, limit: 10).elements.isEmpty)
    }

    private static func repository(_ text: String) throws -> RepositoryName {
        guard let name = RepositoryName(text) else { throw TestSetupError(text) }
        return name
    }

    private static func tag(_ text: String) throws -> ImageTag {
        guard let tag = ImageTag(text) else { throw TestSetupError(text) }
        return tag
    }
}
