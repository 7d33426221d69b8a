# What Berth does not have yet: each of these must fail with a sentence that says so.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = false
  skip_metadata_api_check     = true
  max_retries                 = 1
}

data "aws_caller_identity" "me" {}

resource "aws_ecr_pull_through_cache_rule" "public" {
  ecr_repository_prefix = "public"
  upstream_registry_url = "public.ecr.aws"
}

resource "aws_ecr_replication_configuration" "all" {
  replication_configuration {
    rule {
      destination {
        region      = "eu-west-1"
        registry_id = data.aws_caller_identity.me.account_id
      }
    }
  }
}

resource "aws_ecr_registry_scanning_configuration" "basic" {
  scan_type = "BASIC"
}
