/**
 * All of the SDK of AWS that kho uses: one module, which stands packed in the bundle and is loaded only where there is a bucket.
 *
 * A version is pinned: those from 2027 on run on no Node.js 20.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { loadConfig } from '@smithy/core/config';
import { buildQueryString } from '@smithy/core/protocols';

/** One object, since the guard against exports that nobody uses sees no use of those that are asked for by `import()`. */
export const AWS_SDK = {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  buildQueryString,
  loadConfig,
};
