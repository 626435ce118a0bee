-- Sends what the environment says, and prints what came back as one line of JSON.
local body = os.getenv("LOAD_BODY") or ""

if body ~= "" then
  wrk.method = "POST"
  wrk.body = body
  wrk.headers["Content-Type"] = "application/json"
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "failed": %d, "median": %.0f}\n',
    summary.requests, summary.duration, failed, latency:percentile(50)))
end
