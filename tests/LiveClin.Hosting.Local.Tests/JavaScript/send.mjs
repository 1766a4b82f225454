// node send.mjs HTTP_URL GRPC_URL API_KEY: sends traces over HTTP/protobuf, HTTP/JSON and gRPC, and a log record and metrics over HTTP/protobuf.
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { Metadata } from '@grpc/grpc-js';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraces } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const [http, grpc, key] = process.argv.slice(2);
const headers = { 'x-otlp-api-key': key };
const metadata = new Metadata();
metadata.set('x-otlp-api-key', key);
const resource = resourceFromAttributes({ 'service.name': 'javascript', 'service.instance.id': 'js-1' });

const exporters = {
  proto: new ProtoTraces({ url: `${http}v1/traces`, headers, compression: 'gzip' }),
  json: new JsonTraces({ url: `${http}v1/traces`, headers }),
  grpc: new GrpcTraces({ url: grpc, metadata }),
};
for (const [name, exporter] of Object.entries(exporters)) {
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = provider.getTracer('sender');
  const parent = tracer.startSpan(`${name} parent`, { kind: SpanKind.SERVER, attributes: { answer: 42, ratio: 0.5, list: ['a', 'b'], text: 'größer <b>' } });
  const child = tracer.startSpan(`${name} child`, { kind: SpanKind.CLIENT }, trace.setSpan(context.active(), parent));
  child.recordException(new Error('broken'));
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'broken' });
  child.end();
  parent.end();
  await provider.shutdown();
}

const logs = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${http}v1/logs`, headers }) })] });
logs.getLogger('sender').emit({ severityNumber: SeverityNumber.WARN, severityText: 'WARN', body: 'from javascript', attributes: { nested: { deep: [1, 2] } } });
await logs.shutdown();

const meters = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${http}v1/metrics`, headers }), exportIntervalMillis: 60_000 })] });
const meter = meters.getMeter('sender');
meter.createCounter('js.requests', { unit: '{request}' }).add(3, { path: '/a' });
const histogram = meter.createHistogram('js.duration', { unit: 's', advice: { explicitBucketBoundaries: [1, 2, 5] } });
for (const value of [0.5, 1.5, 1.7, 9]) histogram.record(value);
await meters.shutdown();
