import { startStory, REVISION_A } from "/work/main/test/support/pulumi-story";
const t=()=>performance.now();
describe("x", function(){ this.timeout(300000);
it("y", async()=>{
 let a=t(); const lap=(w:string)=>{console.log(w,((t()-a)/1000).toFixed(1));a=t();};
 const s = await startStory("first", ({name,labels})=>({image:{ layer: name, context: "app", root: "store", revision: REVISION_A, labels },promotion:{targets:[`${name}:production`], expectedRevision: REVISION_A}})); lap("start");
 try {
 await s.project.preview(); lap("preview");
 const r = await s.project.up(); lap("up"); console.log(r.stdout, r.outputs);
 console.log(await s.project.preview()); lap("preview2");
 const r2 = await s.project.up(); lap("up2");console.log(r2.stdout);
 await s.project.refresh(); lap("refresh");
 await s.project.exportState(); lap("export");
 await s.project.destroy(); lap("destroy");
 } finally { await s.end(); lap("end"); }
});});
