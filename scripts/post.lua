-- One valid request, for wrk: what scripts/benchmark.sh and fuzzers/speed.sh compare the project's clients with.
wrk.method = "POST"
wrk.headers["X-Amz-Target"] = "AmazonSSM.GetConnectionStatus"
wrk.headers["Content-Type"] = "application/x-amz-json-1.1"
wrk.headers["X-Amz-Date"] = "20260101T000000Z"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/ssm/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=0000000000000000000000000000000000000000000000000000000000000000"
wrk.body = '{"Target":"i-0123456789abcdef0"}'
