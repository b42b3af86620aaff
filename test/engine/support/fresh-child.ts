import { checkStagingImageFresh, type StagingFreshOptions } from "../../../index";

// A process of its own, so that a test can kill it: options as JSON in, the outcome as the last line out.
void checkStagingImageFresh(JSON.parse(process.argv[2] ?? "") as StagingFreshOptions).then((outcome) => {
  console.log(JSON.stringify(outcome));
});
