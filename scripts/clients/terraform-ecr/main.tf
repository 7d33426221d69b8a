# What of ECR is settings, as its users write it. `changed` is the second state of everything that can change in place.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = false
  skip_metadata_api_check     = true
}

variable "changed" {
  type    = bool
  default = false
}

data "aws_caller_identity" "me" {}

locals {
  root = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"
}

resource "aws_ecr_repository" "app" {
  name                 = "team/app"
  image_tag_mutability = var.changed ? "MUTABLE" : "IMMUTABLE"
  force_delete         = true
  image_scanning_configuration {
    scan_on_push = false
  }
  tags = { team = var.changed ? "red" : "blue" }
}

data "aws_iam_policy_document" "pull" {
  statement {
    sid     = "Pull"
    actions = var.changed ? ["ecr:BatchGetImage"] : ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    principals {
      type        = "AWS"
      identifiers = [local.root]
    }
  }
}

resource "aws_ecr_repository_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy     = data.aws_iam_policy_document.pull.json
}

locals {
  lifecycle = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep a few"
      selection    = { tagStatus = "tagged", tagPatternList = ["dev-*", "a*"], countType = "imageCountMoreThan", countNumber = var.changed ? 8 : 9 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_ecr_lifecycle_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy     = local.lifecycle
}

resource "aws_ecr_registry_policy" "registry" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Replicate"
      Effect    = "Allow"
      Principal = { AWS = local.root }
      Action    = var.changed ? ["ecr:ReplicateImage"] : ["ecr:ReplicateImage", "ecr:CreateRepository"]
      Resource  = ["arn:aws:ecr:us-east-1:${data.aws_caller_identity.me.account_id}:repository/*"]
    }]
  })
}

resource "aws_iam_role" "maker" {
  name = "maker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ecr.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_ecr_repository_creation_template" "prod" {
  prefix               = "prod"
  description          = var.changed ? "changed" : "made"
  image_tag_mutability = "IMMUTABLE"
  custom_role_arn      = aws_iam_role.maker.arn
  applied_for          = var.changed ? ["PULL_THROUGH_CACHE"] : ["PULL_THROUGH_CACHE", "REPLICATION"]
  lifecycle_policy     = local.lifecycle
  repository_policy    = data.aws_iam_policy_document.pull.json
  encryption_configuration {
    encryption_type = "AES256"
  }
  resource_tags = { team = "blue" }
}

resource "aws_ecr_repository_creation_template" "root" {
  prefix      = "ROOT"
  applied_for = ["REPLICATION"]
}

resource "aws_ecr_account_setting" "scanner" {
  name  = "BASIC_SCAN_TYPE_VERSION"
  value = "AWS_NATIVE"
}

resource "aws_ecr_account_setting" "scope" {
  name  = "REGISTRY_POLICY_SCOPE"
  value = var.changed ? "V1" : "V2"
}

data "aws_ecr_repository" "app" {
  name = aws_ecr_repository.app.name
}

data "aws_ecr_repositories" "all" {
  depends_on = [aws_ecr_repository.app, aws_ecr_repository.plain]
}

data "aws_ecr_authorization_token" "token" {}

# The same policy as ECR's own data source writes it.
data "aws_ecr_lifecycle_policy_document" "plain" {
  rule {
    priority    = 1
    description = "Untagged images go"
    selection {
      tag_status   = "untagged"
      count_type   = "sinceImagePushed"
      count_unit   = "days"
      count_number = var.changed ? 7 : 14
    }
  }
}

resource "aws_ecr_repository" "plain" {
  name                 = "plain"
  image_tag_mutability = var.changed ? "IMMUTABLE" : "MUTABLE"
}

resource "aws_ecr_lifecycle_policy" "plain" {
  repository = aws_ecr_repository.plain.name
  policy     = data.aws_ecr_lifecycle_policy_document.plain.json
}

data "aws_ecr_repository_creation_template" "prod" {
  prefix = aws_ecr_repository_creation_template.prod.prefix
}

output "repository" {
  value = data.aws_ecr_repository.app.arn
}

output "names" {
  value = data.aws_ecr_repositories.all.names
}

output "registry" {
  value     = data.aws_ecr_authorization_token.token.proxy_endpoint
  sensitive = true
}

output "prefix" {
  value = data.aws_ecr_repository_creation_template.prod.prefix
}
