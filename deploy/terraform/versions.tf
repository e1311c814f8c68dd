terraform {
  # Write-only arguments: passwords that are generated here reach no state and no plan. OpenTofu has them from 1.11 on too.
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}
